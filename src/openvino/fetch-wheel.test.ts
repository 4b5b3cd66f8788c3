import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serve, sha256 } from '../../test/support/server.ts';
import { OPENVINO_VERSION, setupOpenVino } from './setup.ts';

const NAME = process.platform === 'darwin' ? 'libopenvino_c.2641.dylib' : 'libopenvino_c.so.2641';
const WHEEL = zipSync({ [`openvino/libs/${NAME}`]: new Uint8Array(1000).fill(7) });

const MACHINE = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
const fileOf = (python: string, platform: string, version = OPENVINO_VERSION): string =>
  `openvino-${version}-22982-${python}-${python}-${platform}.whl`;
const OWN = fileOf('cp312', `manylinux2014_${MACHINE}`);
const FILES = [fileOf('cp310', `manylinux2014_${MACHINE}`, '2020.1'), fileOf('cp312', 'win_ia64'), OWN];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decant-wheel-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('DECANT_CACHE', join(folder, 'cache'));
  // There is no Python here.
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('PIP_INDEX_URL', '');
  vi.stubEnv('PIP_CONFIG_FILE', devNull);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Serves a package index below `/simple`, as JSON (PEP 691) or HTML (PEP 503). */
async function index(kind: 'json' | 'html', hash: string | undefined = sha256(WHEEL)): Promise<string> {
  const { url } = await serve((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('me:secret').toString('base64')}`) {
      response.writeHead(401).end();
    } else if (request.url === '/simple/openvino/') {
      const type = kind === 'json' ? 'application/vnd.pypi.simple.v1+json' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(kind === 'json' ? json(hash) : html(hash));
    } else if (request.url === `/files/${OWN}`) response.end(WHEEL);
    else response.writeHead(404).end();
  });
  return `${url.replace('://', '://me:secret@')}/simple`;
}

const json = (hash: string | undefined): string =>
  JSON.stringify({
    files: FILES.map(name => ({ filename: name, url: `/files/${name}`, hashes: hash ? { sha256: hash } : {} })),
  });

const html = (hash: string | undefined): string =>
  `<!DOCTYPE html><html><body>${FILES.map(name => `<a data-x="1" href="../../files/${name}${hash ? `#sha256=${hash}` : ''}">${name}</a><br/>`).join('\n')}</body></html>`;

const installed = (path: string): void => {
  expect(readFileSync(path)).toHaveLength(1000);
  const version = `${OPENVINO_VERSION}-${process.platform}-${process.arch}`;
  expect(path).toContain(join(folder, 'cache', 'openvino', version));
};

describe.skipIf(process.platform !== 'linux')('setupOpenVino without Python', () => {
  it.each(['json', 'html'] as const)('downloads from an index in %s, with a name and password', async kind => {
    installed(await setupOpenVino({ index: await index(kind) }));
  });

  it('uses the index of PIP_INDEX_URL or pip.conf', async () => {
    vi.stubEnv('PIP_INDEX_URL', await index('json'));
    installed(await setupOpenVino());
    rmSync(join(folder, 'cache'), { recursive: true });
    vi.stubEnv('PIP_INDEX_URL', '');
    const config = join(folder, 'pip.conf');
    writeFileSync(
      config,
      `[install]\nindex-url = http://127.0.0.1:1/\n[global]\ntimeout = 3\nindex-url = ${await index('html')}/\n`,
    );
    vi.stubEnv('PIP_CONFIG_FILE', config);
    installed(await setupOpenVino());
  });

  it.each(['path', 'URL'])('unpacks a wheel at a %s', async where => {
    writeFileSync(join(folder, OWN), WHEEL);
    const { url } = await serve((_, response) => response.end(WHEEL));
    installed(
      await setupOpenVino({ wheel: where === 'path' ? join(folder, OWN) : `${url}/${OWN}#sha256=${sha256(WHEEL)}` }),
    );
  });

  it.each([
    ['a wrong hash', async () => ({ index: await index('json', 'a'.repeat(64)) }), 'malformed', 'has SHA-256'],
    ['no hash', async () => ({ index: await index('html', '') }), 'malformed', 'does not state the SHA-256'],
    [
      'an unknown release',
      async () => ({ index: await index('json'), version: '2019.1' }),
      'not-found',
      'has no openvino 2019.1',
    ],
    [
      'a wrong password',
      async () => ({ index: (await index('json')).replace('secret', 'x') }),
      'network',
      'responded with 401',
    ],
    ['a missing wheel', () => ({ wheel: join(folder, OWN) }), 'not-found', OWN],
    ['a wheel of Windows', () => ({ wheel: FILES[1]! }), 'invalid-argument', 'is for another platform'],
    ['another file', () => ({ wheel: 'torch.whl' }), 'invalid-argument', 'is not the name of an OpenVINO wheel'],
    ['no URL', () => ({ index: 'simple' }), 'invalid-argument', 'is not an http: or https: URL'],
    ['nothing', () => ({}), 'runtime-missing', 'no package index is known'],
  ])('reports %s, and leaves nothing behind', async (_, options, code, message) => {
    await expect(setupOpenVino(await Promise.resolve(options()))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    const left = existsSync(join(folder, 'cache')) ? readdirSync(join(folder, 'cache'), { recursive: true }) : [];
    expect(left.filter(name => name !== 'openvino')).toEqual([]);
  });
});
