import { bytesOf, sizeOf } from '../../tensor/tensor.ts';
import { attributeKey } from '../attributes.ts';
import { type Graph, is, type Node, type Op, type Value } from '../graph.ts';
import { Parameter } from '../ops/infrastructure.ts';
import { rewrite } from '../rewrite.ts';
import type { Pass } from './pass.ts';

/** Larger constants are not compared here; the IR writer stores equal ones once. */
const SMALL = 64;

export const eliminateCommonSubexpressions: Pass = {
  name: 'eliminate-common-subexpressions',
  description: 'keeps one of several nodes that compute the same values',
  changes: [{ name: 'merge-equal-nodes', summary: 'common subexpressions eliminated' }],
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
      else count?.('merge-equal-nodes');
      return first?.outputs;
    });
  },
};

/** Ops are compared by identity: unknown ones are all different. */
function keyOf(node: Node, idOf: (known: Op | Value) => number): string | undefined {
  if (node.constant !== undefined) {
    const { type, shape } = node.constant;
    return sizeOf(shape) > SMALL
      ? undefined
      : `${type}[${shape.join(',')}]${String.fromCharCode(...bytesOf(node.constant))}`;
  }
  if (is(node, Parameter) || node.bodies.length > 0) return undefined;
  return `${idOf(node.op)}(${node.inputs.map(idOf).join(',')})${attributeKey(node)}`;
}
