import { memorySource } from '../../../src/source/memory-source.ts';
import { readModel } from '../../../src/tf/formats/read-model.ts';
import { bundleEntry } from '../../../src/tf/variables/bundle-entry.ts';
import { fixtureFiles } from '../../../test/saved-model/fixtures.ts';
import { parseLevelDb, printLevelDb } from '../formats/leveldb.ts';
import { parseProto } from '../formats/protobuf.ts';
import { file, type Files, input, type Target } from '../target.ts';
import { bytes, type Tree } from '../tree.ts';

const MODELS = ['variables', 'sharded', 'tf1-references', 'tf1-resources', 'meta-graph'];

export const checkpoint: Target = {
  name: 'checkpoint',
  about: 'the LevelDB tables of checkpoints, with right checksums, and all variables',
  seeds: () => Promise.resolve(MODELS.map(name => async () => parse(await fixtureFiles(name)))),
  print: (path, content) =>
    path.endsWith('.index') ? printLevelDb(content) : content.kind === 'bytes' ? content.value : new Uint8Array(0),
  async run(files) {
    const { variables } = await readModel(memorySource('model', files));
    for (const variable of variables?.values() ?? []) variable.data();
  },
};

const parse = (files: Files): Tree => input(...[...files].map(([path, data]) => file(path, parseFile(path, data))));

const parseFile = (path: string, data: Uint8Array): Tree =>
  path.endsWith('.index')
    ? parseLevelDb(data, (_, value) => parseProto(bundleEntry, value))
    : bytes(path, 'bytes', data);
