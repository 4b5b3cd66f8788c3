import { bytesOf, sizeOf } from '../../tensor/tensor.ts';
import { type Graph, is, type Node, type Op, type Value } from '../graph.ts';
import { Parameter } from '../ops/infrastructure.ts';
import { rewrite } from '../rewrite.ts';
import type { Pass } from './pass.ts';

/** Constants of up to this many elements are compared by content here; of larger ones the IR's writer stores one copy. */
const SMALL = 64;

/** One node where several compute the same thing. */
export const eliminateCommonSubexpressions: Pass = {
  name: 'eliminate-common-subexpressions',
  run(graph: Graph, count) {
    const ids = new Map<Op | Value, number>();
    const idOf = (known: Op | Value): number => {
      const id = ids.get(known) ?? ids.size;
      ids.set(known, id);
      return id;
    };
    const seen = new Map<string, Node>();
    return rewrite(graph, node => {
      const key = keyOf(node, idOf);
      if (key === undefined) return undefined;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, node);
      else count?.('ops merged with others that compute the same');
      return first?.outputs;
    });
  },
};

/** Equal for nodes that compute the same; an op that decant does not know is one of its kind, and equals no other. */
function keyOf(node: Node, idOf: (known: Op | Value) => number): string | undefined {
  if (node.constant !== undefined) {
    const { type, shape } = node.constant;
    return sizeOf(shape) > SMALL ? undefined : `${type}[${shape.join(',')}]${bytesOf(node.constant).join(' ')}`;
  }
  if (is(node, Parameter) || node.bodies.length > 0) return undefined;
  const attrs = Object.entries(node.op.attributes).map(([name, codec]) => codec.write(node.attrs[name]));
  return JSON.stringify([idOf(node.op), node.inputs.map(idOf), attrs]);
}
