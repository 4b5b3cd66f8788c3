import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, it } from 'vitest';
import { openVinoLibrary } from '../../test/support/openvino.ts';
import { loadLibrary, STACK_SIZE } from './load-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'decant-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadLibrary', () => {
  it('enlarges the stack of native calls', async () => {
    loadLibrary(await openVinoLibrary());
    expect(koffi.config()).toMatchObject({ sync_stack_size: STACK_SIZE, async_stack_size: STACK_SIZE });
  });

  it('reports the library that cannot be loaded, and why', () => {
    const path = join(folder, 'libopenvino_c.so.2641');
    writeFileSync(path, 'text');
    const error = {
      code: 'runtime-failed',
      message: expect.stringMatching(/^cannot load .*libopenvino_c\.so\.2641: ./) as string,
      remedy: expect.stringContaining('decant setup') as string,
    };
    expect(() => loadLibrary(path)).toThrow(expect.objectContaining(error));
    expect(() => loadLibrary(`${folder}/nowhere/libopenvino_c.so.2641`)).toThrow(expect.objectContaining(error));
  });
});
