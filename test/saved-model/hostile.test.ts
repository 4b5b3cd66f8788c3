import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asDecantError, type DecantError } from '../../src/errors.ts';
import { memorySource } from '../../src/source/memory-source.ts';
import { readModel } from '../../src/tf/formats/read-model.ts';
import { prepareModel } from '../support/prepare-model.ts';
import { readTable } from '../../src/wire/leveldb-table.ts';
import { header, indexBytes, type Row } from './bundle-bytes.ts';
import { fixtureFiles } from './fixtures.ts';

const INDEX = 'variables/variables.index';
const SHARD = 'variables/variables.data-00000-of-00001';
const GRAPH = 'saved_model.pb';

const MODELS = new Map(
  await Promise.all(
    ['variables', 'control', 'tables', 'sharded', 'tf1-references', 'tf1-resources', 'meta-graph'].map(
      async name => [name, await fixtureFiles(name)] as const,
    ),
  ),
);

type Files = ReadonlyMap<string, Uint8Array>;

/** Reads and prepares a model, and decodes all its variables. Fails on any error that does not blame the input. */
async function tryToPrepare(files: Files): Promise<DecantError | undefined> {
  try {
    const model = await readModel(memorySource('m', files));
    for (const value of model.variables?.values() ?? []) value.data();
    await prepareModel(model);
    return undefined;
  } catch (thrown) {
    const error = asDecantError(thrown);
    if (error.code === 'internal') throw error;
    return error;
  }
}

const edit = (files: Files, path: string, change: (bytes: Uint8Array) => Uint8Array): Files =>
  new Map([...files].map(([each, bytes]) => [each, each === path ? change(bytes) : bytes]));

/** Offsets to truncate at: the first, the last, and about a hundred in between. */
function offsets(size: number): readonly number[] {
  const step = Math.max(1, Math.floor(size / 150));
  return Array.from({ length: size }, (_, i) => i).filter(i => i < 40 || i > size - 40 || i % step === 0);
}

describe.each([...MODELS])('the model %s', (_, files) => {
  const paths = [...files.keys()].filter(path => files.get(path)!.length > 0);

  it('is valid', async () => {
    expect(await tryToPrepare(files)).toBeUndefined();
  });

  it.each(paths.filter(path => /\.(?:pb|meta|index|data-.*)$/.test(path) && !path.includes('fingerprint')))(
    'is rejected if %s is truncated',
    async path => {
      for (const length of offsets(files.get(path)!.length)) {
        const cut = await tryToPrepare(edit(files, path, bytes => bytes.subarray(0, length)));
        // A graph may end after a field and lose unused parts only.
        if (!/\.(?:pb|meta)$/.test(path)) expect(cut).toBeDefined();
      }
    },
  );

  it('is read or rejected if a byte changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(paths.length - 1), fc.nat(), fc.nat(255), async (file, at, byte) => {
        await tryToPrepare(edit(files, paths[file]!, bytes => bytes.with(at % bytes.length, byte)));
      }),
      { numRuns: 250 },
    );
  });

  it('is read or rejected if bytes are inserted or removed', async () => {
    const change = fc.record({ at: fc.nat(), skip: fc.nat(30), put: fc.uint8Array({ maxLength: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.nat(paths.length - 1), change, async (file, { at, skip, put }) => {
        const splice = (bytes: Uint8Array): Uint8Array => {
          const from = at % bytes.length;
          return Uint8Array.from([...bytes.subarray(0, from), ...put, ...bytes.subarray(from + skip)]);
        };
        await tryToPrepare(edit(files, paths[file]!, splice));
      }),
      { numRuns: 150 },
    );
  });
});

describe('an invalid model', () => {
  const files = MODELS.get('variables')!;
  const rows: readonly Row[] = Array.from(readTable(files.get(INDEX)!), ([key, value]) => [
    Buffer.from(key).toString('latin1'),
    value,
  ]);
  const KERNEL = 'kernel/.ATTRIBUTES/VARIABLE_VALUE';
  const UNUSED = 'unused/.ATTRIBUTES/VARIABLE_VALUE';
  const prepare = async (changed: Files): Promise<unknown> => prepareModel(await readModel(memorySource('m', changed)));
  const without = (...keys: readonly string[]): Files =>
    edit(files, INDEX, () => indexBytes(rows.filter(([key]) => !keys.includes(key))));

  it('is rejected with the name of the corrupt tensor', async () => {
    const named = new Set<string | undefined>();
    for (let at = 0; at < files.get(SHARD)!.length; at++) {
      const error = await tryToPrepare(edit(files, SHARD, bytes => bytes.with(at, bytes[at]! ^ 1)));
      named.add(/tensor '(.+)' of the checkpoint/.exec(error?.message ?? '')?.[1]);
    }
    expect([...named].sort()).toEqual(rows.map(([key]) => key).filter(key => key !== ''));
  });

  it('needs values only for variables in use', async () => {
    expect(rows.map(([key]) => key)).toEqual(expect.arrayContaining([KERNEL, UNUSED]));
    await expect(prepare(without(UNUSED))).resolves.toBeDefined();
    await expect(prepare(without(KERNEL))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^variable '.*' has no value in the checkpoint$/) as string,
      where: ['in step freeze-variables'],
    });
  });

  it('is rejected if it declares missing shards', async () => {
    const lying = edit(files, INDEX, () => indexBytes([header(3), ...rows.filter(([key]) => key !== '')]));
    expect(await tryToPrepare(lying)).toMatchObject({
      code: 'not-found',
      message: `'variables/variables.data-00000-of-00003' is missing: 'variables/variables.index' declares 3 shards`,
    });
  });

  it('is rejected if it declares a length of 4 GB', async () => {
    // Declares 2^32 - 1 bytes for the MetaGraph.
    const graph = Uint8Array.of(0x08, 0x01, 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0a);
    expect(await tryToPrepare(edit(files, GRAPH, () => graph))).toMatchObject({ code: 'malformed' });
  });
});
