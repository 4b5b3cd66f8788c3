import { DecantError, within } from '../../errors.ts';
import type { AttrValue } from '../model.ts';
import type { Attrs, LiteGraph } from './lite-graph.ts';
import { dequantized, LiteOp, type LiteValues, rounded } from './lite-op.ts';
import { type LiteTensor, rangeOf } from './lite-tensor.ts';
import { translatorOf } from './lite-translators.ts';
import { opName } from './op-name.ts';
import type { StoredOperator } from './schema.ts';

/** Ops that move elements, or choose some of them: if the levels of the output are those of the inputs, nothing is rounded. */
const MOVES = new Set(
  `
  BATCH_TO_SPACE_ND BROADCAST_TO CONCATENATION DEPTH_TO_SPACE EXPAND_DIMS GATHER GATHER_ND MAXIMUM MAX_POOL_2D MINIMUM
  MIRROR_PAD PACK PAD QUANTIZE REDUCE_MAX REDUCE_MIN RESHAPE RESIZE_NEAREST_NEIGHBOR REVERSE_V2 SELECT SELECT_V2 SLICE
  SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQUEEZE STRIDED_SLICE TILE TOPK_V2 TRANSPOSE UNPACK
`
    .trim()
    .split(/\s+/),
);

/** Ops whose results the subgraphs that they call have rounded. */
const CALLS = new Set(['IF', 'WHILE']);

/** Adds the nodes that compute what an op of TensorFlow Lite does. */
export function translateOperator(stored: StoredOperator, values: LiteValues): void {
  const { graph, reals, subgraphs } = values;
  const { model, file } = subgraphs;
  const name = opName(model, stored);
  const op = new LiteOp(name, stored, customOptions(file, stored), values);
  within(`in op ${name}`, () => {
    const [first] = op.results().filter(output => output !== undefined);
    if (first === undefined) return;
    const scope = graph.enter(first.stored);
    within(`of '${scope}'`, () => {
      const translator = translatorOf(name);
      const made = translator === undefined ? untranslated(op, graph) : translator(op, graph);
      const results = typeof made === 'string' ? [made] : made;
      op.outputs.forEach((index, i) => {
        if (index >= 0 && results[i] !== undefined) reals.set(index, asStored(op, i, results[i], values));
      });
    });
  });
}

/** An op that the translation refuses with all others, or that a translator of the user translates. */
function untranslated(op: LiteOp, graph: LiteGraph): readonly string[] {
  const attrs: Attrs = { custom_options: { kind: 'bytes', value: op.custom } satisfies AttrValue };
  const inputs = op.inputs.flatMap((_, i) => (op.has(i) ? [op.input(i)] : []));
  return graph.addAll(op.type, op.outputs.length, inputs, attrs);
}

/** Rounds a result to the levels that its tensor has. */
function asStored(op: LiteOp, index: number, x: string, { graph }: LiteValues): string {
  const tensor = op.output(index);
  const { quantization } = tensor;
  if (quantization === undefined) return x;
  if (CALLS.has(op.type)) return x;
  if (op.type === 'CAST') return dequantized(graph, x, tensor);
  return MOVES.has(op.type) && hasLevelsOfInputs(op, tensor) ? x : rounded(graph, x, tensor, quantization);
}

function hasLevelsOfInputs(op: LiteOp, output: LiteTensor): boolean {
  const { low, high } = rangeOf(output, output.quantization!);
  return op.inputs.every((_, i) => {
    if (!op.has(i)) return true;
    const { quantization, dtype } = op.tensor(i);
    if (quantization === undefined) return dtype !== 'DT_FLOAT';
    const range = rangeOf(op.tensor(i), quantization);
    return quantization.scales.length === 1 && range.low === low && range.high === high;
  });
}

function customOptions(
  file: Uint8Array,
  { customOptions: inside, customOffset, customSize }: StoredOperator,
): Uint8Array {
  if (customOffset <= 1) return inside ?? new Uint8Array(0);
  if (customOffset + customSize <= file.byteLength) return file.subarray(customOffset, customOffset + customSize);
  throw new DecantError('malformed', `options of an op end at byte ${customOffset + customSize} of ${file.byteLength}`);
}
