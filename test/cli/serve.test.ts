import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, environment, expectFailure, PROGRAM, temporaryFolder } from '../support/run-cli.ts';
import { parameter, result, tinyIr } from '../support/tiny-ir.ts';

const IR = tinyIr([
  parameter('x', 'f32', '2'),
  { name: 'y', type: 'Add', inputs: ['x', 'x'], outputs: ['y'] },
  result('y'),
]);

it('serves until it is interrupted, although one model is broken', async () => {
  const path = join(await temporaryFolder(), 'sum.xml');
  await writeFile(path, IR);
  const { code, stdout, stderr } = await decant(
    ['serve', path, 'broken=gone.xml', '--port', '0', '--grpc-port', '0', '--device', 'CPU'],
    { interruptWhen: output => output.includes('serving on') },
  );
  expect(stdout).toMatch(/^serving on http:\/\/127\.0\.0\.1:\d+, gRPC on port \d+\n$/);
  const log = stderr
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as unknown);
  expect(log).toContainEqual(expect.objectContaining({ level: 30, msg: 'sum, version 1: ready on CPU' }));
  expect(log).toContainEqual(
    expect.objectContaining({ level: 50, msg: "broken, version 1: 'gone.xml' does not exist" }),
  );
  expect(log.at(-1)).toMatchObject({ msg: 'stopping' });
  expect(code).toBe(0);
});

it('ends although its thread for images has run', async () => {
  const args = [PROGRAM, 'serve', `model=${CENTERNET}`, '--port', '0', '--device', 'CPU'];
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const server = spawn(process.execPath, args, { stdio: [...stdio], env: { ...process.env, ...environment } });
  onTestFinished(() => void server.kill('SIGKILL'));
  const lines = createInterface(server.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const url = `${line.replace('serving on ', '')}/v1/models/model/detect`;
  const answer = await fetch(url, { method: 'POST', headers: { accept: 'image/png' }, body: await readFile(PHOTO) });
  expect(answer.headers.get('content-type')).toBe('image/png');
  await answer.arrayBuffer();
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});

it('fails if no model can be served', async () => {
  expectFailure(await decant(['serve', '--port', '0']), 2, 'there is no model to serve');
  const { code, stderr } = await decant(['serve', 'gone.xml', '--port', '0', '--device', 'CPU']);
  expect(stderr).toContain("decant: 'gone.xml' does not exist");
  expect(code).toBe(1);
});

it('refuses a head that does not exist, or does not fit', async () => {
  const path = join(await temporaryFolder(), 'sum.xml');
  await writeFile(path, IR);
  const unknown = await decant(['serve', path, '--head', 'yollo', '--port', '0']);
  expectFailure(unknown, 2, "there is no head 'yollo'", "Did you mean 'yolo'?");
  const unfit = await decant(['serve', path, '--head', 'yolo', '--port', '0', '--device', 'CPU']);
  expect(unfit.stderr).toContain('the head yolo does not fit the model');
  expect(unfit.code).toBe(1);
});
