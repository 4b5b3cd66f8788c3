import { gzipSync } from 'node:zlib';
import { openSource } from '../../../src/platform/open-source.ts';
import { readModel } from '../../../src/tf/formats/read-model.ts';
import { fixtureFiles } from '../../../test/saved-model/fixtures.ts';
import { archiveOf, printTar, printZip } from '../formats/archive.ts';
import { file, input, type Target } from '../target.ts';

const MODELS = ['variables', 'tables', 'meta-graph'];
const ARCHIVES = ['model.tar', 'model.tar.gz', 'model.zip'];

export const archive: Target = {
  name: 'archive',
  about: 'tar, tar.gz and zip archives, with right checksums',
  seeds: () =>
    Promise.resolve(
      MODELS.flatMap(model =>
        ARCHIVES.map(path => async () => input(file(path, archiveOf(await fixtureFiles(model))))),
      ),
    ),
  print(path, content) {
    if (path.endsWith('.zip')) return printZip(content);
    return path.endsWith('.gz') ? gzipSync(printTar(content), { level: 1 }) : printTar(content);
  },
  async run(files) {
    for (const [path, data] of files) {
      const source = await openSource(data, path);
      await readModel(source);
      for (const entry of await source.list()) await source.read(entry);
    }
  },
};
