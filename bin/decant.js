#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);

if (!existsSync(main)) {
  // Only a checkout lacks it: the published package is built.
  const { spawnSync } = await import('node:child_process');
  process.stderr.write('decant: building once, because this is a fresh checkout...\n');
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const build = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (build.status !== 0) process.exit(1);
}

await (await import(main.href)).main(process.argv.slice(2));
