import { roundToHalves } from '../../tensor/float16.ts';
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

function compress(value: Value, scratch: Scratch, b: Builder, count?: Count): Value | undefined {
  const constant = constantOf(value);
  if (constant?.type !== 'f32' || sizeOf(constant.shape) < 2) return undefined;
  const floats = scratch.run(() => constant.data as Float32Array);
  const { halves, small, large } = roundToHalves(floats);
  if (large > 0 || small >= halves.length * TOO_MANY_SMALL) return undefined;
  count?.('compress-weights');
  b.origin = value.node.name;
  // Kept, even of a deferred constant: computing a weight again takes longer than rounding it.
  const rounded = tensor('f16', constant.shape, halves);
  return b.add(Convert, [b.constant(rounded)], { destination_type: 'f32', decompression: true });
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
