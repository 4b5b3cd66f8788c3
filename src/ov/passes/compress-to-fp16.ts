import { floatsToHalves } from '../../tensor/float16.ts';
import { borrowScratch, handBack, type Scratch } from '../../tensor/scratch.ts';
import { sizeOf, tensor } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, type Graph, is, type Node, type Value } from '../graph.ts';
import {
  Convolution,
  ConvolutionBackpropData,
  GroupConvolution,
  GroupConvolutionBackpropData,
} from '../ops/convolution.ts';
import { Gather } from '../ops/gather.ts';
import { MatMul } from '../ops/matrix.ts';
import { Convert } from '../ops/type.ts';
import { rewrite } from '../rewrite.ts';
import type { Count } from './change.ts';
import type { Pass } from './pass.ts';

/** Bits as f32 of the largest f16 number (65504) and of the smallest normal one (2^-14). */
const LARGEST = 0x477fe000;
const SMALLEST = 0x38800000;

/** If at least this share of numbers is too small for f16, it is more than training noise, and the constant stays f32. */
const TOO_MANY_SMALL = 0.75;

/** Returns the indices of the weights, whose rounding hardly affects the results. */
function weightInputs(node: Node): readonly number[] {
  if (is(node, MatMul)) return [0, 1];
  if (is(node, Gather)) return [0];
  const filters =
    is(node, Convolution) ||
    is(node, GroupConvolution) ||
    is(node, ConvolutionBackpropData) ||
    is(node, GroupConvolutionBackpropData);
  return filters ? [1] : [];
}

export function fitsHalf(floats: Float32Array): boolean {
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const { length } = words;
  let small = 0;
  // An iterator would take several times as long.
  for (let i = 0; i < length; i++) {
    const size = words[i]! & 0x7fffffff;
    if (size > LARGEST) return false;
    if (size < SMALLEST && size !== 0) small++;
  }
  return small < floats.length * TOO_MANY_SMALL;
}

function compress(value: Value, scratch: Scratch, b: Builder, count?: Count): Value | undefined {
  const constant = constantOf(value);
  if (constant?.type !== 'f32' || sizeOf(constant.shape) < 2) return undefined;
  const floats = scratch.run(() => constant.data as Float32Array);
  if (!fitsHalf(floats)) return undefined;
  count?.('compress-weights');
  b.origin = value.node.name;
  // Kept, even of a deferred constant: computing a weight again takes longer than rounding it.
  const halves = tensor('f16', constant.shape, floatsToHalves(floats));
  return b.add(Convert, [b.constant(halves)], { destination_type: 'f32', decompression: true });
}

/** Everything but weights keeps its precision: rounded anchors, thresholds or box variances would move boxes. */
export const compressToFp16: Pass = {
  name: 'compress-to-fp16',
  description: 'stores weights as f16, unless `--no-fp16` is given',
  changes: [{ name: 'compress-weights', summary: 'weights stored as f16' }],
  run(graph: Graph, count) {
    const scratch = borrowScratch();
    const done = new Map<Value, Value | undefined>();
    const compressed = (value: Value, b: Builder): Value => {
      if (!done.has(value)) done.set(value, compress(value, scratch, b, count));
      return done.get(value) ?? value;
    };
    const compressedGraph = rewrite(graph, (node, { b }) => {
      const weights = weightInputs(node);
      const inputs = node.inputs.map((value, i) => (weights.includes(i) ? compressed(value, b) : value));
      if (inputs.every((value, i) => value === node.inputs[i])) return undefined;
      b.origin = node.name;
      return b.rebuild(node, inputs);
    });
    handBack(scratch);
    return compressedGraph;
  },
};
