import { DecantError } from '../../errors.ts';
import { fileNameOf } from '../../source/paths.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { attrTensor } from '../attrs.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfGraph, TfModel, TfNode, TfTensor } from '../model.ts';
import { originOf } from '../origin-of.ts';
import { nodeOf } from '../tensor-name.ts';
import { inlineWithoutPruning } from './inline-calls.ts';
import { reachable } from './prune.ts';
import { type Table, tableFromText } from './table-from-text.ts';

const TABLES = new Set(['HashTable', 'HashTableV2']);
const LOOKUPS = new Set([
  'LookupTableFind',
  'LookupTableFindV2',
  'LookupTableSize',
  'LookupTableSizeV2',
  'LookupTableExport',
  'LookupTableExportV2',
]);
const IMPORTS = new Set(['LookupTableImport', 'LookupTableImportV2', 'InitializeTable', 'InitializeTableV2']);
const FILE_IMPORTS = new Set(['InitializeTableFromTextFile', 'InitializeTableFromTextFileV2']);

type TableModel = Pick<TfModel, 'graph' | 'functions' | 'assets'>;

/** Tables are initialized before inference, so their keys and values are constants. */
export function freezeTables(prepared: InferenceGraph, model: TableModel): InferenceGraph {
  for (const { graph } of prepared.functions.values()) {
    const inside = [...graph.values()].find(({ op }) => LOOKUPS.has(op));
    if (inside !== undefined) {
      throw new DecantError('unsupported', `${inside.op} '${inside.name}' inside a loop or branch is not supported`);
    }
  }
  const nodes = [...prepared.graph.values()];
  if (!nodes.some(({ op }) => LOOKUPS.has(op))) return prepared;
  const contents = tableContents(model);
  const graph = new Map(prepared.graph);
  for (const node of nodes) {
    if (!LOOKUPS.has(node.op)) continue;
    const table = sourceOf(prepared.graph, node.inputs[0]);
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

function tableContents({ graph, functions, assets }: TableModel): (table: TfNode | undefined, user: TfNode) => Table {
  const nodes = [...graph.values()];
  const tables = new Set(nodes.filter(({ op }) => TABLES.has(op)).map(({ name }) => name));
  // Any user of a table may be its initializer, or a call to it.
  const users = nodes.filter(({ inputs }) => inputs.some(input => tables.has(nodeOf(input))));
  const outputs = users.map(({ name }) => name);
  const run = inlineWithoutPruning(reachable({ name: '', inputs: [], graph, outputs }).graph, functions);
  const initializers = new Map<string, TfNode>();
  for (const node of run.values()) {
    const table = sourceOf(run, node.inputs[0]);
    if (table !== undefined && (IMPORTS.has(node.op) || FILE_IMPORTS.has(node.op))) initializers.set(table.name, node);
  }
  return (table, user) => {
    const initializer = initializers.get(table?.name ?? '');
    if (table === undefined || initializer === undefined) {
      throw new DecantError('unsupported', `the table of ${user.op} '${user.name}' is not initialized from constants`);
    }
    if (FILE_IMPORTS.has(initializer.op))
      return tableFromText(table, initializer, assetFor(run, initializer, graph, assets));
    const keys = constantAt(run, initializer, 1);
    const values = constantAt(run, initializer, 2);
    if (keys.shape.length !== 1 || values.shape.length !== 1 || keys.shape[0] !== values.shape[0]) {
      throw new DecantError('malformed', `table '${table.name}' needs one value for each key`);
    }
    return { keys, values };
  };
}

const sourceOf = (graph: TfGraph, tensor: string | undefined): TfNode | undefined => originOf(graph, tensor)?.node;

function constantAt(graph: TfGraph, { name, op, inputs }: TfNode, index: number): TfTensor {
  const node = sourceOf(graph, inputs[index]);
  if (node?.op === 'Const') return attrTensor(node, 'value');
  throw new DecantError('unsupported', `${op} '${name}' initializes a table from tensors that are not constant`);
}

function assetFor(run: TfGraph, initializer: TfNode, graph: TfGraph, assets: TfModel['assets']): Uint8Array {
  let node = sourceOf(run, initializer.inputs[1]);
  if (node?.op === 'ReadVariableOp') {
    const variable = sourceOf(run, node.inputs[0]);
    const assign = [...graph.values()].find(
      ({ op, inputs }) => op === 'AssignVariableOp' && sourceOf(graph, inputs[0])?.name === variable?.name,
    );
    node = sourceOf(graph, assign?.inputs[1]);
  }
  const named = node?.op === 'Const' ? unpackStrings(attrTensor(node, 'value').data()) : [];
  const bytes = assets?.get(node?.name ?? '') ?? assets?.get(fileNameOf(named[0] ?? ''));
  if (bytes !== undefined) return bytes;
  throw new DecantError('not-found', `the vocabulary file of '${initializer.name}' is not in the assets of the model`, {
    remedy: 'Pass the whole SavedModel folder, with its assets/.',
  });
}
