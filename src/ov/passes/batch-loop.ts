import { DecantError } from '../../errors.ts';
import { type Dim, formatShape } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { type Graph, is, type Value } from '../graph.ts';
import { Loop, type LoopInput } from '../ops/control-flow.ts';
import { Gather } from '../ops/gather.ts';
import { Parameter } from '../ops/infrastructure.ts';
import { Reshape, ShapeOf } from '../ops/shape.ts';
import { rewrite } from '../rewrite.ts';

/** The outputs of a turn behind those of the turns before. */
const JOINED = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 } as const;

/**
 * A graph for a batch out of one for a batch of 1: a Loop that takes one item a turn and joins the answers, which are
 * therefore those of the items one by one. Inputs whose first size is 1 are cut; others go to every turn as they are.
 *
 * @throws DecantError `unsupported` for an output that does not have a first size of 1
 */
export function batchLoop(graph: Graph, batch: Dim): Graph {
  const b = new Builder();
  b.origin = `${graph.name}/batch-loop`;
  const turn = b.parameter('turn', 'i64', [1]);
  const [outer, inner, items] = [new Map<string, Value>(), new Map<string, Value>(), new Map<Value, Value>()];
  const inputs: LoopInput[] = [];
  for (const [name, value] of graph.inputs) {
    const shape = isBatch(value) ? [batch, ...value.shape.slice(1)] : value.shape;
    outer.set(name, b.parameter(name, value.type, shape));
    inner.set(name, b.parameter(name, value.type, shape));
    // By Gather: OpenVINO's CPU writes over the parts that a Loop cuts.
    items.set(value, isBatch(value) ? b.add(Gather, [inner.get(name)!, turn, b.i64(0)]) : inner.get(name)!);
    // The trip count and the condition stand before the data.
    inputs.push({ kind: 'invariant', input: inputs.length + 2 });
  }
  const body = rewrite(graph, node => (is(node, Parameter) ? [items.get(node.outputs[0]!)!] : undefined));
  const outputs = [...body.outputs].map(([name, value]) => [name, joinable(name, value, b)] as const);
  const first = [...outer.values()].find(value => value.shape[0] === batch)!;
  const turns = b.add(Gather, [b.add(ShapeOf, [first], { output_type: 'i64' }), b.scalar('i64', 0), b.i64(0)]);
  const always = b.constant(vector('boolean', [1]));
  const joined = b.addWithBodies(
    Loop,
    [turns, b.scalar('boolean', 1), ...outer.values()],
    {
      inputs: [...inputs, { kind: 'iteration' }],
      outputs: outputs.map((_, from) => ({ kind: 'concatenated', from, slicing: JOINED })),
      condition: outputs.length,
    },
    [
      {
        name: `${graph.name}/item`,
        inputs: new Map([...inner, ['turn', turn]]),
        outputs: new Map([...outputs, ['condition', always]]),
      },
    ],
  );
  return { name: graph.name, inputs: outer, outputs: new Map(outputs.map(([name], i) => [name, joined[i]!])) };
}

/** Vectors of one element are settings, not batches. */
const isBatch = ({ shape }: Value): boolean => shape.length > 1 && shape[0] === 1;

function joinable(name: string, value: Value, b: Builder): Value {
  if (value.shape.length === 0) return b.add(Reshape, [value, b.i64(1)]);
  if (value.shape[0] === 1) return value;
  throw new DecantError('unsupported', `output '${name}' ${formatShape(value.shape)} has no batch that could grow`, {
    remedy: 'Leave it out with --output, or convert the model for one picture.',
  });
}
