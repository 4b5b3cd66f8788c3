import { bytesOf } from '../../tensor/tensor.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { Parameter } from '../ops/graph-ends.ts';
import { rewrite } from '../rewrite.ts';
import type { Pass } from './pass.ts';

/** Constants of up to this many bytes are compared by content here; of larger ones the IR's writer stores one copy. */
const SMALL = 256;

/** One node where several compute the same thing. */
export const mergeDuplicates: Pass = {
  name: 'merge-duplicates',
  run(graph: Graph) {
    const ids = new Map<Value, number>();
    const idOf = (value: Value): number => {
      const known = ids.get(value) ?? ids.size;
      ids.set(value, known);
      return known;
    };
    const seen = new Map<string, Node>();
    return rewrite(graph, node => {
      const key = keyOf(node, idOf);
      if (key === undefined) return undefined;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, node);
      return first?.outputs;
    });
  },
};

function keyOf(node: Node, idOf: (value: Value) => number): string | undefined {
  if (node.constant !== undefined) {
    const { type, shape } = node.constant;
    const bytes = bytesOf(node.constant);
    return bytes.byteLength > SMALL ? undefined : `${type}[${shape.join(',')}]${bytes.join(' ')}`;
  }
  if ((node.op as unknown) === Parameter || node.bodies.length > 0) return undefined;
  const attrs = Object.entries(node.op.attributes).map(([name, codec]) => codec.write(node.attrs[name]));
  return `${node.op.type}@${node.op.opset}(${node.inputs.map(idOf).join(',')})${attrs.join('|')}`;
}
