import { DecantError } from '../errors.ts';
import type { InferenceGraph } from '../tf/inference-graph.ts';
import type { TfNode } from '../tf/model.ts';
import type { Translators } from './translator.ts';

/**
 * Returns the table with a translator for each op of the model that has none. It throws an error that lists all of them: at
 * once for ops of the graph itself, else when reached, as the branch that contains them may never be taken.
 */
export function withMissing(model: InferenceGraph, table: Translators): Translators {
  const missing = new Map<string, { count: number; readonly example: string }>();
  const check = ({ op, name }: TfNode, path: string): void => {
    if (Object.hasOwn(table, op)) return;
    const seen = missing.get(op);
    if (seen === undefined) missing.set(op, { count: 1, example: `${path}${name}` });
    else seen.count++;
  };
  const inputs = new Set(model.inputs.map(({ node }) => node));
  for (const node of model.graph.values()) if (!inputs.has(node.name)) check(node, '');
  for (const [name, body] of model.functions) for (const node of body.graph.values()) check(node, `${name}/`);
  if (missing.size === 0) return table;
  const list = [...missing]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([op, { count, example }]) => `${op} (${count}, such as '${example}')`);
  const refuse = (): never => {
    throw new DecantError('unsupported', `ops without a translator: ${list.join(', ')}`, {
      remedy: 'Pass a translator for each to convertModel as `translators`, or request them in an issue.',
    });
  };
  for (const { op, name } of model.graph.values()) if (missing.has(op) && !inputs.has(name)) refuse();
  return { ...table, ...Object.fromEntries([...missing.keys()].map(op => [op, refuse])) };
}
