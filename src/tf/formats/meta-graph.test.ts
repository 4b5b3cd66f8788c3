import { describe, expect, it } from 'vitest';
import { nodeBytes, proto } from '../../../test/support/proto-bytes.ts';
import { floatBytes, floatEntry, header, indexBytes } from '../../../test/saved-model/bundle-bytes.ts';
import { memorySource } from '../../source/memory-source.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import type { TfModel } from '../model.ts';
import { readModel } from './read-model.ts';

const about = proto([2, proto([1, proto([1, 'AddV2'])])], [4, 'train']);
const variable = nodeBytes('v', 'VariableV2', [], { dtype: proto([6, 1]) });
const META = proto([1, about], [2, proto([1, variable])]);

const CHECKPOINT = [
  ['a/net.ckpt-7.index', indexBytes([header(1), ['v', floatEntry([7, 8])]])],
  ['a/net.ckpt-7.data-00000-of-00001', floatBytes([7, 8])],
] as const;

const read = (beside: readonly (readonly [string, Uint8Array])[], meta = META): Promise<TfModel> =>
  readModel(memorySource('net.ckpt-7.meta', [['a/net.ckpt-7.meta', meta], ...beside]));

describe('a .meta file', () => {
  it('is read with the checkpoint beside it', async () => {
    const model = await read(CHECKPOINT);
    expect(model).toMatchObject({ name: 'net.ckpt-7', format: 'meta-graph', signatures: new Map() });
    expect([...numbersOf(model.variables!.get('v')!.data())]).toEqual([7, 8]);
  });

  it('needs its checkpoint only if it has variables', async () => {
    await expect(read([])).rejects.toMatchObject({
      code: 'not-found',
      message: `'a/net.ckpt-7.index' is missing: the weights of the graph are in the checkpoint beside it`,
    });
    expect((await read([], proto([1, about], [2, proto([1, nodeBytes('c', 'Const')])]))).variables?.size).toBe(0);
  });

  it('is rejected with a checkpoint in the old format', async () => {
    await expect(read([['a/net.ckpt-7', Uint8Array.of(0, 0)]])).rejects.toMatchObject({
      code: 'unsupported',
      message: `'a/net.ckpt-7' is a checkpoint in the format used before TensorFlow 0.12`,
    });
  });

  it('is recognized by its name and first bytes', async () => {
    for (const other of ['\nguid: 1', 'version https://git-lfs.github.com/spec/v1', 'meta_info_def {']) {
      await expect(read([], new TextEncoder().encode(other))).rejects.toMatchObject({ code: 'not-a-model' });
    }
    await expect(readModel(memorySource('x', [['x', META]]))).rejects.toMatchObject({ code: 'not-a-model' });
  });
});
