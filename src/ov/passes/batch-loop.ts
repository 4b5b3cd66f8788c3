import { DecantError } from '../../errors.ts';
import { type Dim, formatShape } from '../../tensor/dim.ts';
import { Builder } from '../builder.ts';
import { forEach } from '../for-each.ts';
import { type Graph, is, type Value } from '../graph.ts';
import { Gather } from '../ops/gather.ts';
import { Parameter } from '../ops/infrastructure.ts';
import { Reshape, ShapeOf } from '../ops/shape.ts';
import { rewrite } from '../rewrite.ts';
import type { Pass } from './pass.ts';

const NAME = 'batch-loop';

/**
 * Turns a graph for a batch of 1 into one for `batch` items: a Loop that runs the graph on one item per iteration and
 * concatenates the outputs. Inputs with a first size of 1 become batches; the others are passed to all iterations.
 *
 * The pass throws DecantError `unsupported` if an output does not have a first size of 1.
 */
export const batchLoop = (batch: Dim): Pass => ({
  name: NAME,
  description: 'wraps a model exported for a batch of 1 in a `Loop` that runs it on each image of a larger batch',
  changes: [{ name: NAME, summary: 'loop over the batch added' }],
  run(graph, count) {
    count?.(NAME);
    return loopOver(graph, batch);
  },
});

function loopOver(graph: Graph, batch: Dim): Graph {
  const b = new Builder();
  b.origin = `${graph.name}/batch-loop`;
  const iteration = b.parameter('iteration', 'i64', [1]);
  const outer = new Map<string, Value>();
  const inner = new Map<string, Value>();
  const items = new Map<Value, Value>();
  for (const [name, value] of graph.inputs) {
    const shape = isBatch(value) ? [batch, ...value.shape.slice(1)] : value.shape;
    outer.set(name, b.parameter(name, value.type, shape));
    inner.set(name, b.parameter(name, value.type, shape));
    // Not a sliced input of the Loop: OpenVINO's CPU plugin overwrites those.
    items.set(value, isBatch(value) ? b.add(Gather, [inner.get(name)!, iteration, b.i64(0)]) : inner.get(name)!);
  }
  const body = rewrite(graph, node => (is(node, Parameter) ? [items.get(node.outputs[0]!)!] : undefined));
  const outputs = [...body.outputs].map(([name, value]) => [name, withBatchAxis(name, value, b)] as const);
  const first = [...outer.values()].find(value => value.shape[0] === batch)!;
  const tripCount = b.add(Gather, [b.add(ShapeOf, [first], { output_type: 'i64' }), b.scalar('i64', 0), b.i64(0)]);
  const concatenated = forEach(b, tripCount, [...outer.values()], {
    name: `${graph.name}/item`,
    inputs: inner,
    iteration,
    outputs: new Map(outputs),
  });
  return { name: graph.name, inputs: outer, outputs: new Map(outputs.map(([name], i) => [name, concatenated[i]!])) };
}

/** Vectors of one element are settings, not batches. */
const isBatch = ({ shape }: Value): boolean => shape.length > 1 && shape[0] === 1;

function withBatchAxis(name: string, value: Value, b: Builder): Value {
  if (value.shape.length === 0) return b.add(Reshape, [value, b.i64(1)]);
  if (value.shape[0] === 1) return value;
  throw new DecantError('unsupported', `output '${name}' ${formatShape(value.shape)} has no batch axis`, {
    remedy: 'Exclude it with --output, or convert the model for a batch of 1.',
  });
}
