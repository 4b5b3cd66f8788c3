import { DecantError } from '../../errors.ts';
import { fileNameOf } from '../../source/paths.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { attrTensor } from '../attrs.ts';
import { LOOKUPS } from '../lookup-ops.ts';
import type { TfGraph, TfModel, TfNode, TfTensor } from '../model.ts';
import { originOf } from '../origin-of.ts';
import { inlineWithoutPruning } from './inline-calls.ts';
import { filledBuckets } from './dense-table.ts';
import { keysOf, mergeTables, reshaped, type TableKey } from './merge-tables.ts';
import { reachable } from './prune.ts';
import { unorderedInsert } from './table-order.ts';
import { type Table, tableFromText } from './table-from-text.ts';

const DENSE = new Set(['MutableDenseHashTable', 'MutableDenseHashTableV2']);
const TABLES = new Set([
  ...DENSE,
  'HashTable',
  'HashTableV2',
  'MutableHashTable',
  'MutableHashTableOfTensors',
  'MutableHashTableOfTensorsV2',
  'MutableHashTableV2',
]);
const IMPORTS = new Set(['LookupTableImport', 'LookupTableImportV2', 'InitializeTable', 'InitializeTableV2']);
const FILE_IMPORTS = new Set(['InitializeTableFromTextFile', 'InitializeTableFromTextFileV2']);
const INSERTS = new Set(['LookupTableInsert', 'LookupTableInsertV2']);
const REMOVE = 'LookupTableRemoveV2';

const STATIC_TABLE = 'Fill the table from constants before inference (tf.lookup.StaticHashTable).';

export type TableModel = Pick<TfModel, 'graph' | 'functions' | 'assets' | 'variables'>;

/** Returns what finds the contents of a table, for the op that uses it: what fills it from constants, files or a checkpoint. */
export function tableContents(model: TableModel): (table: TfNode | undefined, user: TfNode) => Table {
  const { graph, functions } = model;
  const nodes = [...graph.values()];
  const tables = new Set(nodes.filter(({ op }) => TABLES.has(op)).map(({ name }) => name));
  // Any user of a table may be its initializer, or a call to it.
  const users = nodes.filter(({ inputs }) => inputs.some(input => tables.has(sourceOf(graph, input)?.name ?? '')));
  const outputs = users.map(({ name }) => name);
  const run = inlineWithoutPruning(reachable({ name: '', inputs: [], graph, outputs }).graph, functions);
  const fills = new Map<string, TfNode[]>();
  for (const node of run.values()) {
    if (!IMPORTS.has(node.op) && !FILE_IMPORTS.has(node.op) && !INSERTS.has(node.op) && node.op !== REMOVE) continue;
    const table = sourceOf(run, node.inputs[0]);
    if (table !== undefined) fills.set(table.name, [...(fills.get(table.name) ?? []), node]);
  }
  return (table, user) => {
    const given = fills.get(table?.name ?? '');
    if (table === undefined || given === undefined) {
      throw new DecantError('unsupported', `the table of ${user.op} '${user.name}' is not initialized from constants`, {
        remedy: STATIC_TABLE,
      });
    }
    if (DENSE.has(table.op) && user.op.startsWith('LookupTableExport')) {
      throw new DecantError('unsupported', `${user.op} '${user.name}' exports the buckets of a dense table`, {
        remedy: 'Use a table of another kind (tf.lookup.StaticHashTable).',
      });
    }
    const removes = given.find(({ op }) => op === REMOVE);
    if (removes !== undefined) throw changes(removes);
    const inserts = given.filter(({ op }) => INSERTS.has(op));
    if (inserts.length > 0) {
      const late = unorderedInsert(
        model,
        user,
        ({ op }) => INSERTS.has(op),
        ({ op }) => LOOKUPS.has(op),
      );
      if (late !== undefined) throw changes(late);
    }
    const start = given.findLast(({ op }) => !INSERTS.has(op));
    const imported = start === undefined ? [] : [contentsOf(model, run, table, start)];
    return mergeTables(table.name, imported, inserts.map(insert => contentsOf(model, run, table, insert))); // prettier-ignore
  };
}

const changes = ({ op, name }: TfNode): DecantError =>
  new DecantError('unsupported', `${op} '${name}' changes a table during inference`, {
    remedy: `${STATIC_TABLE} A lookup may depend on constant inserts (tf.control_dependencies).`,
  });

function contentsOf({ graph, assets, variables }: TableModel, run: TfGraph, table: TfNode, fill: TfNode): Table {
  if (FILE_IMPORTS.has(fill.op)) return tableFromText(table, fill, assetFor(run, fill, graph, assets));
  const keys = constantAt(run, fill, 1, variables);
  const values = constantAt(run, fill, 2, variables);
  if (INSERTS.has(fill.op) && keys.shape.length === 0) return { keys: inVector(keys), values: inVector(values) };
  if (DENSE.has(table.op) && IMPORTS.has(fill.op)) return filledBuckets(table, { keys, values }, freeKeys(run, table));
  if (keys.shape.length !== 1 || keys.shape[0] !== values.shape[0]) {
    throw new DecantError('malformed', `table '${table.name}' needs one value for each key`);
  }
  return { keys, values };
}

/** Keys that mark empty and deleted buckets of a dense table: its inputs. */
function freeKeys(graph: TfGraph, { inputs }: TfNode): ReadonlySet<TableKey> {
  const marks = inputs.map(input => sourceOf(graph, input)).filter(node => node?.op === 'Const');
  return new Set(marks.flatMap(node => keysOf(attrTensor(node!, 'value'))));
}

const inVector = (tensor: TfTensor): TfTensor => reshaped(tensor, [1, ...tensor.shape]);

const sourceOf = (graph: TfGraph, tensor: string | undefined): TfNode | undefined => originOf(graph, tensor)?.node;

function constantAt(
  graph: TfGraph,
  { name, op, inputs }: TfNode,
  index: number,
  variables: TfModel['variables'],
): TfTensor {
  const origin = originOf(graph, inputs[index]);
  if (origin?.node.op === 'Const') return attrTensor(origin.node, 'value');
  const names = origin?.node.op === 'RestoreV2' ? sourceOf(graph, origin.node.inputs[1]) : undefined;
  const keys = names?.op === 'Const' ? unpackStrings(attrTensor(names, 'value').data()) : [];
  const saved = origin === undefined ? undefined : variables?.get(keys[origin.index] ?? '');
  if (saved !== undefined) return saved;
  throw new DecantError('unsupported', `${op} '${name}' initializes a table from tensors that are not constant`, {
    remedy: STATIC_TABLE,
  });
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
