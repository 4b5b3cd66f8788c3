import { DecantError, within } from '../errors.ts';
import { asMalformed } from '../ov/as-malformed.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Convert } from '../ov/ops/type.ts';
import { type InferenceInput, type InferenceGraph, nodesOf } from '../tf/inference-graph.ts';
import { elementTypeOf, partTypeOf } from '../tf/data-type.ts';
import { checkFilledBytes } from '../tf/filled-bytes.ts';
import { checkInputCount } from '../tf/input-counts.ts';
import type { TfGraph } from '../tf/model.ts';
import { isControl, nodeOf, outputIndexOf } from '../tf/tensor-name.ts';
import { checkTexts } from './check-texts.ts';
import { shapeOfInput } from './input-shape.ts';
import { asValue, isComplex, type Operand } from './operand.ts';
import { TfOp } from './tf-op.ts';
import type { Translators } from './translator.ts';
import { translatorsFor, type TranslatorTables } from './translators-for.ts';

/**
 * Bodies and conditions of loops and branches translated for one model: per unrolled iteration, or again once more is
 * known. Nesting multiplies them; real models need a few hundred.
 */
const MAX_BODIES = 20_000;

export interface TranslateOptions {
  /** Custom translators by op; they take precedence over decant's. */
  readonly translators?: Translators;
}

export async function translate(model: InferenceGraph, options: TranslateOptions = {}): Promise<Graph> {
  checkFilledConstants(model);
  const tables = await translatorsFor(model, options.translators ?? {});
  const inputs = within('reading the inputs', () => parametersOf(model));
  const given = new Map(model.inputs.map(input => [input.node, asFed(input, inputs.get(input.name)!)]));
  const outputs = model.outputs.map(output => output.tensor);
  const results = new Walk(model, tables).run(model.graph, given, outputs);
  const graph = {
    name: model.name,
    inputs,
    outputs: new Map(model.outputs.map(({ name }, i) => [name, asValue(results[i]!, `output '${name}'`)])),
  };
  checkTexts(graph);
  return graph;
}

/** Before any of them is decoded. Each constant is below the limit, but not necessarily all of them. */
function checkFilledConstants(model: InferenceGraph): void {
  let bytes = 0;
  for (const { attrs } of nodesOf(model)) {
    const value = attrs.get('value');
    if (value?.kind === 'tensor') bytes += value.value.filledBytes ?? 0;
  }
  checkFilledBytes('the constants of the model take', bytes);
}

class Walk {
  readonly #model: InferenceGraph;
  readonly #tables: TranslatorTables;
  readonly #builder = new Builder();
  #bodies = 0;

  constructor(model: InferenceGraph, tables: TranslatorTables) {
    this.#model = model;
    this.#tables = tables;
  }

  run(graph: TfGraph, given: ReadonlyMap<string, Operand>, outputs: readonly string[]): readonly Operand[] {
    const made = new Map<string, readonly Operand[]>([...given].map(([name, operand]) => [name, [operand]]));
    const operandOf = (tensor: string): Operand => {
      const operand = made.get(nodeOf(tensor))?.[outputIndexOf(tensor)];
      if (operand === undefined) throw new DecantError('malformed', `tensor '${tensor}' does not exist`);
      return operand;
    };
    for (const node of graph.values()) {
      if (given.has(node.name)) continue;
      asMalformed(`translating ${node.op} '${node.name}'`, () => {
        const operands = node.inputs.filter(input => !isControl(input)).map(operandOf);
        checkInputCount(node, operands.length);
        const op = new TfOp(node, operands, this.#call);
        const { table, complex } = this.#tables;
        const isForComplex = op.operands.some(isComplex) && Object.hasOwn(complex, node.op);
        const translate = (isForComplex ? complex : table)[node.op]!;
        const result = this.#builder.at(node.name, () => translate(op, this.#builder));
        made.set(node.name, isOperandList(result) ? result : [result]);
      });
    }
    return outputs.map(operandOf);
  }

  readonly #call = (name: string, args: readonly Operand[]): readonly Operand[] => {
    const body = this.#model.functions.get(name);
    if (body === undefined) throw new DecantError('malformed', `function '${name}' does not exist`);
    if (body.inputs.length !== args.length) {
      throw new DecantError(
        'malformed',
        `function '${name}' takes ${body.inputs.length} arguments, not ${args.length}`,
      );
    }
    if (++this.#bodies > MAX_BODIES) {
      throw new DecantError('limit', `loops and branches expand to more than ${MAX_BODIES} bodies`);
    }
    const given = new Map(body.inputs.map((argument, i) => [argument, args[i]!]));
    return this.run(body.graph, given, body.outputs);
  };
}

const isOperandList = (result: Operand | readonly Operand[]): result is readonly Operand[] => Array.isArray(result);

const COMPLEX_INPUT =
  'Export the model with inputs for the real and the imaginary part, joined by tf.complex, or cut the graph with --input.';

function parametersOf(model: InferenceGraph): ReadonlyMap<string, Value> {
  const b = new Builder();
  return new Map(
    model.inputs.map(input => {
      const type = input.fedAs ?? elementTypeOf(input.dtype);
      if (type === undefined) {
        throw new DecantError(
          'unsupported',
          `input '${input.name}' has type ${input.dtype}, which OpenVINO does not have`,
          {
            remedy:
              partTypeOf(input.dtype) === undefined
                ? 'Select outputs that do not depend on it with --output.'
                : COMPLEX_INPUT,
          },
        );
      }
      return [input.name, b.parameter(input.name, type, shapeOfInput(input))];
    }),
  );
}

function asFed({ node, dtype, fedAs }: InferenceInput, value: Value): Value {
  const type = elementTypeOf(dtype);
  if (fedAs === undefined || type === undefined) return value;
  const b = new Builder(node);
  return b.add(Convert, [value], { destination_type: type });
}
