import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { build } from 'vite';
import { browserTest, launchBrowser } from '../support/browser.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, environment, ROOT, run } from '../support/run-cli.ts';
import { serve } from '../support/server.ts';

const EXAMPLES = join(ROOT, 'examples');

/** A project that has installed the packed package, and holds the examples. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'decant-examples-'));
  const modules = join(project, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
  expect(await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project])).toMatchObject({
    code: 0,
  });
  const tarball = (await readdir(project)).find(name => name.endsWith('.tgz'))!;
  expect(await run('tar', ['-xzf', join(project, tarball), '-C', project])).toMatchObject({ code: 0 });
  await rm(join(modules, 'decant'), { recursive: true, force: true });
  await cp(join(project, 'package'), join(modules, 'decant'), { recursive: true });
  await cp(EXAMPLES, project, { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const converted = await decant(['convert', CENTERNET, '-o', join(project, 'model.xml'), '--quiet']);
  expect(converted).toMatchObject({ code: 0 });
  for (const example of ['esm', 'commonjs', 'hono', 'next', 'esbuild/dist']) {
    for (const file of ['model.xml', 'model.bin', 'model.labels.txt']) {
      await cp(join(project, file), join(project, example, file));
    }
  }
});

afterAll(() => rm(project, { recursive: true, force: true }));

const FOUND = /^person 0\.\d\d \{/m;

async function expectFound(command: string, args: readonly string[], example: string): Promise<void> {
  const outcome = await run(command, [...args, 'model.xml', PHOTO], { cwd: join(project, example) });
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(FOUND) as string });
}

describe('programs', () => {
  it('esm', () => expectFound(process.execPath, ['detect.js'], 'esm'));

  it('commonjs', () => expectFound(process.execPath, ['detect.cjs'], 'commonjs'));
});

/** Where `.ci/run` installs other runtimes. */
const RUNTIMES = join(ROOT, 'tmp/runtimes/node_modules');

describe('other runtimes', () => {
  const { platform, arch } = process;
  for (const [name, program, args] of [
    ['Bun', `@oven/bun-${platform}-${arch}/bin/bun`, ['detect.js']],
    ['Deno', `@deno/${platform}-${arch}-glibc/deno`, ['run', '-A', '--node-modules-dir=manual', 'detect.js']],
  ] as const) {
    const path = join(RUNTIMES, program);
    const isMissing = !existsSync(path) && process.env['DECANT_TEST_ALL'] === undefined;
    it.skipIf(isMissing)(name, () => expectFound(path, args, 'esm'));
  }
});

/** Posts an image, and something else, to the route of an example. */
async function expectRoute(post: (body: Uint8Array) => Promise<Response>): Promise<void> {
  const found = await post(new Uint8Array(await readFile(PHOTO)));
  expect(found.status).toBe(200);
  expect(await found.json()).toContainEqual(expect.objectContaining({ label: 'person' }));
  const refused = await post(new TextEncoder().encode('no image'));
  expect(refused.status).toBe(400);
  expect(await refused.text()).toMatch(/^DecantError: /);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Runs `server.js` of a folder, and returns its URL once it listens. */
async function startServer(folder: string): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, ...environment, PORT: String(port) };
  const child = spawn(process.execPath, ['server.js'], { cwd: join(project, folder), env, stdio: 'inherit' });
  onTestFinished(() => void child.kill());
  const url = `http://127.0.0.1:${port}/detect`;
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return url;
    await wait(50);
  }
  throw new Error(`server.js of ${folder} has ended`);
}

describe('servers', () => {
  it('hono', async () => {
    const url = await startServer('hono');
    await expectRoute(body => fetch(url, { method: 'POST', body }));
  });

  it('http, bundled by esbuild', async () => {
    const built = await run(process.execPath, ['build.js'], { cwd: join(project, 'esbuild') });
    expect(built).toMatchObject({ code: 0 });
    const url = await startServer('esbuild/dist');
    await expectRoute(body => fetch(url, { method: 'POST', body }));
  });

  it('next: the handler of the route', async () => {
    const route = pathToFileURL(join(project, 'next/app/detect/route.js')).href;
    const program = `const { POST } = await import(${JSON.stringify(route)});
      for (const body of [await (await import('node:fs/promises')).readFile(${JSON.stringify(PHOTO)}), 'no image']) {
        const response = await POST(new Request('http://localhost/detect', { method: 'POST', body }));
        console.log(response.status, await response.text());
      }
      process.exit();`;
    const cwd = join(project, 'next');
    const { code, stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^200 \[\{"label":"person",.*\n400 DecantError: /);
  });
});

browserTest('vite: a page that converts', async () => {
  const root = join(project, 'vite');
  await build({ root, logLevel: 'error', base: './' });
  const { url } = await serve((request, response) => {
    const path = request.url === '/' ? 'index.html' : request.url!.slice(1);
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    void readFile(join(root, 'dist', path)).then(
      file => response.writeHead(200, { 'content-type': type }).end(file),
      () => response.writeHead(404).end(),
    );
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(url);
  await page.setInputFiles('input', [LIVENESS, LIVENESS.replace('.json', '.bin')]);
  expect(await page.getByRole('link').first().innerText()).toMatch(/\.xml$/);
});

it('the code of docs/deployment.md is that of the examples', async () => {
  const names = (await readdir(EXAMPLES, { recursive: true })).filter(name => /\.[cm]?js$/.test(name));
  const texts = await Promise.all(names.map(name => readFile(join(EXAMPLES, name), 'utf8')));
  const page = await readFile(join(ROOT, 'docs/deployment.md'), 'utf8');
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code!);
  expect(blocks.length).toBeGreaterThan(2);
  for (const block of blocks) expect(texts).toContain(block);
});
