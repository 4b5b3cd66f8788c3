import { metaGraphDef, savedModelDef } from '../../../src/tf/proto/saved-model.ts';
import { bundleEntry } from '../../../src/tf/variables/bundle-entry.ts';
import { fixtureFiles } from '../../../test/saved-model/fixtures.ts';
import { parseLevelDb, printLevelDb } from '../formats/leveldb.ts';
import { parseLines, printLines } from '../formats/lines.ts';
import { parseProto, printPbtxt, printProto } from '../formats/protobuf.ts';
import { file, type Files, input, type Target, utf8 } from '../target.ts';
import { bytes, type List, type Tree } from '../tree.ts';
import { convert } from './support.ts';

const MODELS = [
  ...['variables', 'control', 'tables', 'sharded', 'tf1-references', 'tf1-resources', 'encoded-detector'],
  ...['encoded-one', 'meta-graph'],
];

/** Reads models of several files: the graph, the table of the checkpoint with its shards, and vocabularies. */
export const savedModel: Target = {
  name: 'saved-model',
  about: 'SavedModels and .meta files with checkpoints and assets, converted to IR',
  seeds: () =>
    Promise.resolve([
      ...MODELS.map(name => async () => parse(await fixtureFiles(name))),
      async () => asText(parse(await fixtureFiles('variables'))),
    ]),
  print(path, content) {
    if (path.endsWith('.pbtxt')) return utf8(`saved_model_schema_version: 1\n${printPbtxt(content)}`);
    if (/\.(?:pb|meta)$/.test(path)) return printProto(content);
    if (path.endsWith('.index')) return printLevelDb(content);
    return content.kind === 'bytes' ? content.value : utf8(printLines(content));
  },
  run: convert,
};

const asText = (tree: List): Tree =>
  input(...tree.items.map(item => ({ ...item, label: item.label.replace('saved_model.pb', 'saved_model.pbtxt') })));

const parse = (files: Files): List => input(...[...files].map(([path, data]) => file(path, parseFile(path, data))));

function parseFile(path: string, data: Uint8Array): Tree {
  if (path.endsWith('saved_model.pb')) return parseProto(savedModelDef, data);
  if (path.endsWith('.meta')) return parseProto(metaGraphDef, data);
  if (path.endsWith('.index')) return parseLevelDb(data, (_, value) => parseProto(bundleEntry, value));
  if (path.includes('assets/')) return parseLines(new TextDecoder().decode(data));
  return bytes(path, 'bytes', data);
}
