import { DecantError } from '../../errors.ts';
import { fileNameOf } from '../../source/paths.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { attrTensor } from '../attrs.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfGraph, TfModel, TfNode, TfTensor } from '../model.ts';
import { originOf } from '../origin-of.ts';
import { nodeOf } from '../tensor-name.ts';
import { inlineEverything } from './inline-calls.ts';
import { onlyNeeded } from './prune.ts';
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
/** Ops that fill a table from two tensors, and from a file. */
const IMPORTS = new Set(['LookupTableImport', 'LookupTableImportV2', 'InitializeTable', 'InitializeTableV2']);
const FILE_IMPORTS = new Set(['InitializeTableFromTextFile', 'InitializeTableFromTextFileV2']);

type TableModel = Pick<TfModel, 'graph' | 'functions' | 'assets'>;

/** Tables are filled before inference begins, so that looking up takes their keys and values in the place of the table. */
export function freezeTables(closed: InferenceGraph, model: TableModel): InferenceGraph {
  for (const { graph } of closed.functions.values()) {
    const inside = [...graph.values()].find(({ op }) => LOOKUPS.has(op));
    if (inside !== undefined) {
      throw new DecantError('unsupported', `${inside.op} '${inside.name}' stands inside of a loop or branch`);
    }
  }
  const nodes = [...closed.graph.values()];
  if (!nodes.some(({ op }) => LOOKUPS.has(op))) return closed;
  const contents = tableContents(model);
  const graph = new Map(closed.graph);
  for (const node of nodes) {
    if (!LOOKUPS.has(node.op)) continue;
    const table = nodeBehind(closed.graph, node.inputs[0]);
    const { keys, values } = contents(table, node);
    const [keysAt, valuesAt] = [
      constant(graph, `${node.name}/keys`, keys),
      constant(graph, `${node.name}/values`, values),
    ];
    graph.set(node.name, { ...node, inputs: [keysAt, valuesAt, ...node.inputs.slice(1)] });
  }
  return { ...closed, graph };
}

function constant(graph: Map<string, TfNode>, wanted: string, value: TfTensor): string {
  let name = wanted;
  while (graph.has(name)) name += '_';
  graph.set(name, { name, op: 'Const', inputs: [], attrs: new Map([['value', { kind: 'tensor', value }]]) });
  return name;
}

/** What fills each table of a model. */
function tableContents({ graph, functions, assets }: TableModel): (table: TfNode | undefined, user: TfNode) => Table {
  const nodes = [...graph.values()];
  const tables = new Set(nodes.filter(({ op }) => TABLES.has(op)).map(({ name }) => name));
  // Whatever is given a table may be what fills it, or call it.
  const users = nodes.filter(({ inputs }) => inputs.some(input => tables.has(nodeOf(input))));
  const outputs = users.map(({ name }) => name);
  const run = inlineEverything(onlyNeeded({ name: '', inputs: [], graph, outputs }).graph, functions);
  const fills = new Map<string, TfNode>();
  for (const node of run.values()) {
    const table = nodeBehind(run, node.inputs[0]);
    if (table !== undefined && (IMPORTS.has(node.op) || FILE_IMPORTS.has(node.op))) fills.set(table.name, node);
  }
  return (table, user) => {
    const fill = fills.get(table?.name ?? '');
    if (table === undefined || fill === undefined) {
      throw new DecantError('unsupported', `the table of ${user.op} '${user.name}' is not filled from constants`);
    }
    if (FILE_IMPORTS.has(fill.op)) return tableFromText(table, fill, assetFor(run, fill, graph, assets));
    const [keys, values] = [constantAt(run, fill, 1), constantAt(run, fill, 2)];
    if (keys.shape.length !== 1 || values.shape.length !== 1 || keys.shape[0] !== values.shape[0]) {
      throw new DecantError('malformed', `table '${table.name}' does not have a value for each key`);
    }
    return { keys, values };
  };
}

const nodeBehind = (graph: TfGraph, tensor: string | undefined): TfNode | undefined => originOf(graph, tensor)?.node;

function constantAt(graph: TfGraph, { name, op, inputs }: TfNode, index: number): TfTensor {
  const node = nodeBehind(graph, inputs[index]);
  if (node?.op === 'Const') return attrTensor(node, 'value');
  throw new DecantError('unsupported', `${op} '${name}' fills a table with what is no constant`);
}

/** The file that fills a table. TensorFlow 2 passes its name through a variable that is assigned at the start. */
function assetFor(run: TfGraph, fill: TfNode, graph: TfGraph, assets: TfModel['assets']): Uint8Array {
  let node = nodeBehind(run, fill.inputs[1]);
  if (node?.op === 'ReadVariableOp') {
    const variable = nodeBehind(run, node.inputs[0]);
    const assign = [...graph.values()].find(
      ({ op, inputs }) => op === 'AssignVariableOp' && nodeBehind(graph, inputs[0])?.name === variable?.name,
    );
    node = nodeBehind(graph, assign?.inputs[1]);
  }
  const named = node?.op === 'Const' ? unpackStrings(attrTensor(node, 'value').data()) : [];
  const bytes = assets?.get(node?.name ?? '') ?? assets?.get(fileNameOf(named[0] ?? ''));
  if (bytes !== undefined) return bytes;
  throw new DecantError(
    'not-found',
    `the file that fills the table of '${fill.name}' is not among the model's assets`,
    {
      remedy: 'Give the whole folder of the SavedModel, with the files in assets/.',
    },
  );
}
