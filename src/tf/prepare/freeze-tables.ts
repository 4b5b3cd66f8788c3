import { DecantError } from '../../errors.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfNode, TfTensor } from '../model.ts';
import { LOOKUPS } from '../lookup-ops.ts';
import { originOf } from '../origin-of.ts';
import { tableContents, type TableModel } from './table-contents.ts';

/** Tables are filled before inference, so their keys and values are constants. */
export function freezeTables(prepared: InferenceGraph, model: TableModel): InferenceGraph {
  for (const { graph } of prepared.functions.values()) {
    const inside = [...graph.values()].find(({ op }) => LOOKUPS.has(op));
    if (inside !== undefined) {
      throw new DecantError('unsupported', `${inside.op} '${inside.name}' inside a loop or branch is not supported`, {
        remedy: 'Look up the values before the loop or branch.',
      });
    }
  }
  const nodes = [...prepared.graph.values()];
  if (!nodes.some(({ op }) => LOOKUPS.has(op))) return prepared;
  const contents = tableContents(model);
  const graph = new Map(prepared.graph);
  for (const node of nodes) {
    if (!LOOKUPS.has(node.op)) continue;
    const table = originOf(prepared.graph, node.inputs[0])?.node;
    const { keys, values } = contents(table, node);
    const keysName = addConstant(graph, `${node.name}/keys`, keys);
    const valuesName = addConstant(graph, `${node.name}/values`, values);
    graph.set(node.name, { ...node, inputs: [keysName, valuesName, ...node.inputs.slice(1)] });
  }
  return { ...prepared, graph };
}

function addConstant(graph: Map<string, TfNode>, baseName: string, value: TfTensor): string {
  let name = baseName;
  while (graph.has(name)) name += '_';
  graph.set(name, { name, op: 'Const', inputs: [], attrs: new Map([['value', { kind: 'tensor', value }]]) });
  return name;
}
