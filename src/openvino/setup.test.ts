import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { locateOpenVino } from './location.ts';
import { OPENVINO_VERSION, setupOpenVino, type SetupProgress } from './setup.ts';

const NAME = process.platform === 'darwin' ? 'libopenvino_c.2641.dylib' : 'libopenvino_c.so.2641';

/** Incompressible, and larger than a chunk. */
const LIBRARY = Buffer.concat(
  Array.from({ length: 1 << 15 }, (_, i) => createHash('sha256').update(String(i)).digest()),
);

const WHEEL = zipSync({
  'openvino/__init__.py': strToU8('raise ImportError'),
  '../escaped': strToU8('no'),
  'openvino/libs/../../../escaped': strToU8('no'),
  'openvino/libs/empty': new Uint8Array(),
  [`openvino/libs/${NAME}`]: LIBRARY,
  'openvino-1.dist-info/METADATA': strToU8('no'),
  'openvino-1.dist-info/licenses/LICENSE': strToU8('Apache-2.0'),
});

/** A fake Python whose pip behaves as `PIP_DOES` says; the real one needs a network. */
const PYTHON = `#!${process.execPath}
const { cpSync, writeFileSync } = require('node:fs');
const folder = process.argv[process.argv.indexOf('--dest') + 1];
const wheel = 'openvino-x-cp312-cp312-any.whl';
console.log('  Downloading ' + wheel + ' (1.1 MB)');
switch (process.env.PIP_DOES) {
  case 'fail': console.error('Looking\\nERROR: Could not find a version\\nERROR: No matching distribution found'); process.exit(1);
  case 'fill': console.error("ERROR: [Errno 28] No space left on device: 'x'"); process.exit(2);
  case 'miss': console.error('/usr/bin/python3: No module named pip'); process.exit(1);
  case 'hang': setInterval(() => {}, 1000); writeFileSync(process.env.TMPDIR + '/' + wheel, 'begun'); break;
  default: cpSync(process.env.WHEEL, folder + '/' + wheel);
}
`;

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decant-setup-'));
  cache = join(folder, 'cache', 'openvino');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'python3'), PYTHON);
  chmodSync(join(folder, 'bin', 'python3'), 0o755);
  writeFileSync(join(folder, 'wheel'), WHEEL);
  vi.stubEnv('DECANT_OPENVINO', '');
  vi.stubEnv('INTEL_OPENVINO_DIR', '');
  vi.stubEnv('DECANT_CACHE', join(folder, 'cache'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('PIP_INDEX_URL', '');
  vi.stubEnv('PIP_CONFIG_FILE', devNull);
  vi.stubEnv('WHEEL', join(folder, 'wheel'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32')('setupOpenVino', () => {
  it('installs the libraries and their licenses into the cache', async () => {
    const seen: SetupProgress[] = [];
    const library = await setupOpenVino({ onProgress: progress => seen.push(progress) });
    expect(locateOpenVino().found).toEqual({ library, how: 'decant setup' });
    expect(readFileSync(library).equals(LIBRARY)).toBe(true);
    const [target] = readdirSync(cache);
    expect(readdirSync(cache)).toEqual([`${OPENVINO_VERSION}-${process.platform}-${process.arch}`]);
    expect(readdirSync(join(cache, target!), { recursive: true }).sort()).toEqual([
      'openvino',
      'openvino-1.dist-info',
      'openvino-1.dist-info/licenses',
      'openvino-1.dist-info/licenses/LICENSE',
      'openvino/libs',
      'openvino/libs/empty',
      `openvino/libs/${NAME}`,
    ]);
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
    expect(seen.at(-1)).toEqual({ phase: 'unpack', done: WHEEL.length, total: WHEEL.length });
  });

  it('does nothing the second time', async () => {
    const library = await setupOpenVino();
    vi.stubEnv('PIP_DOES', 'fail');
    expect(await setupOpenVino()).toBe(library);
    await expect(setupOpenVino({ version: '2025.1.0' })).rejects.toMatchObject({ code: 'io' });
  });

  it('may run twice at once, and replaces an incomplete folder', async () => {
    mkdirSync(join(cache, `${OPENVINO_VERSION}-${process.platform}-${process.arch}`, 'openvino'), { recursive: true });
    const [first, second] = await Promise.all([setupOpenVino(), setupOpenVino()]);
    expect(second).toBe(first);
    expect(readFileSync(first).equals(LIBRARY)).toBe(true);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it.each([
    [
      'fail',
      'io',
      `pip cannot download openvino ${OPENVINO_VERSION}: Looking ERROR: Could not find a version ERROR: No matching`,
    ],
    ['fill', 'io', 'not enough disk space'],
    ['miss', 'runtime-missing', 'Python 3 with pip was not found'],
  ])('reports that pip does %s, and leaves nothing behind', async (what, code, message) => {
    vi.stubEnv('PIP_DOES', what);
    const remedies: Readonly<Record<string, RegExp>> = {
      fill: /DECANT_CACHE/,
      miss: /--index URL.*--wheel FILE.*DECANT_OPENVINO/,
    };
    const remedy = remedies[what] ?? /decant setup.*pip install openvino.*DECANT_OPENVINO/;
    await expect(setupOpenVino()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('requires Python', async () => {
    vi.stubEnv('PATH', join(folder, 'nowhere'));
    await expect(setupOpenVino()).rejects.toMatchObject({ code: 'runtime-missing' });
  });

  it('can be cancelled during the download', async () => {
    vi.stubEnv('PIP_DOES', 'hang');
    const controller = new AbortController();
    const onProgress = ({ done, total }: SetupProgress): void => {
      if (done !== 'begun'.length) return;
      expect(total).toBe(1_100_000);
      controller.abort();
    };
    await expect(setupOpenVino({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(setupOpenVino({ signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('can be cancelled while unpacking', async () => {
    const controller = new AbortController();
    const onProgress = ({ phase }: SetupProgress): void => {
      if (phase === 'unpack') controller.abort();
    };
    await expect(setupOpenVino({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    ['truncated', WHEEL.subarray(0, 500_000), 'malformed'],
    ['corrupt', WHEEL.slice().fill(0xff, 200_000, 400_000), 'malformed'],
    ['without a C library', zipSync({ 'openvino/libs/libopenvino.so': LIBRARY }), 'runtime-missing'],
    ['not a wheel', strToU8('<html>'), 'malformed'],
    ['empty', new Uint8Array(), 'malformed'],
  ])('rejects a wheel that is %s', async (_, wheel, code) => {
    writeFileSync(join(folder, 'wheel'), wheel);
    await expect(setupOpenVino()).rejects.toMatchObject({ code });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('rejects an invalid version', async () => {
    await expect(setupOpenVino({ version: '../2026' })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('removes the folders of old killed setups', async () => {
    mkdirSync(join(cache, 'partial-old'), { recursive: true });
    mkdirSync(join(cache, 'partial-new'));
    utimesSync(join(cache, 'partial-old'), 0, 0);
    await setupOpenVino();
    expect(readdirSync(cache).filter(name => name.startsWith('partial'))).toEqual(['partial-new']);
  });
});
