import { isStaticDim } from '../../tensor/dim.ts';
import { Builder } from '../builder.ts';
import { type Graph, is, type Node, topological, type Value } from '../graph.ts';
import { If } from '../ops/control-flow.ts';
import { Gather } from '../ops/gather.ts';
import { ShapeOf } from '../ops/shape.ts';
import { Slice } from '../ops/slice.ts';
import { rebuild } from '../rewrite.ts';
import type { Count } from './change.ts';
import type { Pass } from './pass.ts';

/**
 * OpenVINO may run ops after an If with the sizes of former results, and so with memory that was never written, unless they
 * depend on a value that tells these sizes. The branches return the sizes of such results, and what uses these takes as many
 * elements as they say: all of them.
 */
export const takeBranchSizes: Pass = {
  name: 'take-branch-sizes',
  description: 'makes the ops after an If wait for the sizes of its results, if these are unknown',
  changes: [{ name: 'take-branch-size', summary: 'results of If returned with their sizes' }],
  run,
};

function run(graph: Graph, count?: Count): Graph {
  const readers = readersIn(graph);
  const b = new Builder();
  return rebuild(
    graph,
    b,
    body => run(body, count),
    (node, rebuilt) => {
      const open = node.outputs.flatMap((value, i) => (isOpen(value, readers.get(value)) ? [i] : []));
      if (!is(node, If) || open.length === 0) return rebuilt;
      count?.('take-branch-size', open.length);
      return withSizes(b, rebuilt[0]!.node, open);
    },
  );
}

function readersIn(graph: Graph): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of topological(graph)) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  return readers;
}

/** Whether something reads a value of unknown sizes as a whole. A Slice to a size that the If returns waits already. */
const isOpen = (value: Value, readers: readonly Node[] = []): boolean =>
  !value.shape.every(isStaticDim) && readers.some(reader => !is(reader, Slice) && !is(reader, ShapeOf));

function withSizes(b: Builder, node: Node, open: readonly number[]): readonly Value[] {
  const bodies = node.bodies.map((body): Graph => {
    const results = [...body.outputs.values()];
    const sizes = open.map((i): [string, Value] => [`sizes ${i}`, b.add(ShapeOf, [results[i]!])]);
    return { ...body, outputs: new Map([...body.outputs, ...sizes]) };
  });
  const outputs = b.rebuild(node, node.inputs, bodies);
  return node.outputs.map((_, i) => {
    const at = open.indexOf(i);
    return at < 0 ? outputs[i]! : takeAll(b, outputs[i]!, outputs[node.outputs.length + at]!);
  });
}

/** The whole of a value, as a part of the size that it has. */
function takeAll(b: Builder, value: Value, sizes: Value): Value {
  const axes = value.shape.flatMap((dim, axis) => (isStaticDim(dim) ? [] : [axis]));
  const each = (number: number): Value => b.i64(...axes.map(() => number));
  const ends = b.add(Gather, [sizes, b.i64(...axes), b.scalar('i64', 0)]);
  return b.add(Slice, [value, each(0), ends, each(1), b.i64(...axes)]);
}
