import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findOpenVino, locateOpenVino } from './location.ts';

const { platform, arch } = process;
const POSIX = platform !== 'win32';
const NAME =
  { win32: 'openvino_c.dll', darwin: 'libopenvino_c.2641.dylib' }[platform as string] ?? 'libopenvino_c.so.2641';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decant-location-'));
  for (const name of ['DECANT_OPENVINO', 'INTEL_OPENVINO_DIR', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'LD_LIBRARY_PATH']) {
    vi.stubEnv(name, '');
  }
  vi.stubEnv('DECANT_CACHE', join(folder, 'cache'));
  vi.stubEnv('HOME', join(folder, 'home'));
  vi.stubEnv('PATH', join(folder, 'bin'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function put(...path: readonly string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

describe('DECANT_OPENVINO', () => {
  it.each([
    ['libs', NAME],
    ['openvino', 'libs', NAME],
    ['site-packages', 'openvino', 'libs', NAME],
    ['archive', 'runtime', 'lib', 'intel64', NAME],
    ['archive', 'runtime', 'lib', 'arm64', 'Release', NAME],
    ['archive', 'runtime', 'bin', 'intel64', 'Release', NAME],
  ])('may be a folder that contains the library: %s', (...path) => {
    const library = put(...path);
    vi.stubEnv('DECANT_OPENVINO', join(folder, path[0]));
    expect(locateOpenVino().found).toEqual({ library, how: 'DECANT_OPENVINO' });
    expect(findOpenVino(join(folder, path[0]))).toBe(library);
  });

  it('may be the library itself, with any name', () => {
    const library = put('renamed.so');
    vi.stubEnv('DECANT_OPENVINO', library);
    expect(findOpenVino()).toBe(library);
  });

  it('prevents any other search', () => {
    put('env', 'lib', 'python3.12', 'site-packages', 'openvino', 'libs', NAME);
    vi.stubEnv('VIRTUAL_ENV', join(folder, 'env'));
    put('other', 'readme.txt');
    for (const [name, outcome] of [
      ['other', 'contains no OpenVINO C library'],
      ['nowhere', 'does not exist'],
    ] as const) {
      const path = join(folder, name);
      vi.stubEnv('DECANT_OPENVINO', path);
      expect(locateOpenVino()).toEqual({ looked: [{ how: 'DECANT_OPENVINO', path, outcome }] });
      expect(findOpenVino).toThrow(
        expect.objectContaining({ code: 'runtime-missing', message: `DECANT_OPENVINO is ${path}, which ${outcome}` }),
      );
      expect(() => findOpenVino(path)).toThrow(
        expect.objectContaining({ code: 'runtime-missing', message: `${path} ${outcome}` }),
      );
    }
  });
});

describe('locateOpenVino', () => {
  it('prefers explicit choices, and reports what it searched', () => {
    const own = put('home', '.local', 'lib', 'python3.11', 'site-packages', 'openvino', 'libs', NAME);
    if (POSIX) expect(locateOpenVino().found).toEqual({ library: own, how: 'Python packages' });

    const conda = put('conda', platform === 'win32' ? 'Library/bin' : 'lib', NAME);
    vi.stubEnv('CONDA_PREFIX', join(folder, 'conda'));
    expect(locateOpenVino().found).toEqual({ library: conda, how: 'CONDA_PREFIX' });

    const packages = POSIX ? ['lib', 'python3.12'] : ['Lib'];
    const virtual = put('env', ...packages, 'site-packages', 'openvino', 'libs', NAME);
    vi.stubEnv('VIRTUAL_ENV', join(folder, 'env'));
    expect(locateOpenVino().found).toEqual({ library: virtual, how: 'VIRTUAL_ENV' });

    const setUp = put('cache', 'openvino', `2026.4.1-${platform}-${arch}`, 'openvino', 'libs', NAME);
    expect(locateOpenVino().found).toEqual({ library: setUp, how: 'decant setup' });

    const archive = put('archive', 'runtime', 'lib', 'intel64', NAME);
    vi.stubEnv('INTEL_OPENVINO_DIR', join(folder, 'nowhere'));
    expect(locateOpenVino().looked).toEqual([
      { how: 'INTEL_OPENVINO_DIR', path: join(folder, 'nowhere'), outcome: 'does not exist' },
      {
        how: 'decant setup',
        path: join(folder, 'cache', 'openvino', `2026.4.1-${platform}-${arch}`),
        outcome: `found ${setUp}`,
      },
    ]);
    vi.stubEnv('INTEL_OPENVINO_DIR', join(folder, 'archive'));
    expect(locateOpenVino().found).toEqual({ library: archive, how: 'INTEL_OPENVINO_DIR' });
  });

  it('finds the newest release that was set up for this platform', () => {
    put('cache', 'openvino', `2026.9.0-${platform}-${arch}`, 'openvino', 'libs', NAME);
    const newest = put('cache', 'openvino', `2026.10.0-${platform}-${arch}`, 'openvino', 'libs', NAME);
    put('cache', 'openvino', `2027.0.0-${platform}-other`, 'openvino', 'libs', NAME);
    put('cache', 'openvino', 'partial-abc', 'openvino', 'openvino', 'libs', NAME);
    expect(locateOpenVino().found?.library).toBe(newest);
  });

  it.runIf(POSIX)('asks Python for its package folders', () => {
    const library = put('elsewhere', 'site-packages', 'openvino', 'libs', NAME);
    const python = put('bin', 'python');
    writeFileSync(
      python,
      `#!${process.execPath}\nconsole.log(${JSON.stringify(`/nowhere${delimiter}${join(folder, 'elsewhere', 'site-packages')}`)});\n`,
    );
    chmodSync(python, 0o755);
    const { found, looked } = locateOpenVino();
    expect(found).toEqual({ library, how: 'python' });
    expect(looked).toContainEqual({ how: 'python3', path: 'python3', outcome: 'is not installed' });
  });

  it.runIf(platform === 'linux')("searches the loader's path", () => {
    put('apt', 'libopenvino_c.so.2440');
    put('apt', 'libopenvino_c.so');
    const library = put('apt', 'libopenvino_c.so.2641');
    put('apt', 'libopenvino_c.so.txt');
    vi.stubEnv('LD_LIBRARY_PATH', ['/nowhere', join(folder, 'apt')].join(delimiter));
    expect(locateOpenVino().found).toEqual({ library, how: 'LD_LIBRARY_PATH' });
  });
});
