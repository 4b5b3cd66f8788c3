import type { Node } from '../graph.ts';

/**
 * Assigns unique names. Of the nodes translated from one TensorFlow node, the last one, which computes its result, keeps
 * the name; the others append their op type.
 */
export function uniqueNames(nodes: readonly Node[]): ReadonlyMap<Node, string> {
  const last = new Map<string, Node>();
  for (const node of nodes) {
    const chosen = last.get(node.name);
    if (chosen === undefined || node.constant === undefined || chosen.constant !== undefined) {
      last.set(node.name, node);
    }
  }
  const taken = new Set<string>(
    nodes.filter(node => last.get(node.name) === node && node.name !== '').map(n => n.name),
  );
  const counts = new Map<string, number>();
  return new Map(
    nodes.map(node => {
      if (node.name !== '' && last.get(node.name) === node) return [node, node.name];
      const base = node.name === '' ? node.op.type : `${node.name}/${node.op.type}`;
      let name = base;
      for (let k = counts.get(base) ?? 0; taken.has(name); k++) {
        name = `${base}_${k}`;
        counts.set(base, k + 1);
      }
      taken.add(name);
      return [node, name];
    }),
  );
}
