import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, jsonOf, type Outcome, PROGRAM, run, temporaryFolder } from '../support/run-cli.ts';

/** Runs a command in a pseudo-terminal, and types keys when it prompts. Both outputs arrive as one. */
const TYPE = `
import fcntl, os, pty, struct, sys, termios
keys, command = sys.argv[1].encode().decode('unicode_escape').encode(), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0: os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
seen = b''
while True:
    try: data = os.read(terminal, 65536)
    except OSError: break
    if not data: break
    seen += data
    sys.stdout.buffer.write(data)
    if keys and b'AUTO' in seen and b'CPU' in seen:
        os.write(terminal, keys)
        keys = b''
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const onTerminal = (
  keys: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> =>
  run('python3', ['-c', TYPE, keys, process.execPath, PROGRAM, ...args], {
    env: { CI: undefined, TERM: 'xterm', ...env },
  });

const DETECT = ['detect', CENTERNET, PHOTO];
const QUESTION = 'Which device should run the model?';

it('prompts once in a terminal, remembers the answer, and forgets it with --forget', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  const settings = join(env.DECANT_CACHE, 'settings.json');
  const first = await onTerminal('\\r', DETECT, env);
  expect(first.stdout).toContain(QUESTION);
  expect(first.stdout).toMatch(/CPU {3}\S/);
  expect(first.stdout).toContain('OpenVINO chooses');
  expect(first.stdout).toContain('device: CPU (requested AUTO)');
  expect(first.code).toBe(0);
  expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual({ devices: { [hostname()]: 'AUTO' } });

  const second = await onTerminal('', DETECT, env);
  expect(second.stdout).not.toContain(QUESTION);
  expect(second.stdout).toContain('device: CPU (requested AUTO)');

  expect((await decant(['devices', '--forget'], { env })).code).toBe(0);
  // One up from AUTO, the last one.
  const third = await onTerminal('\\x1b[A\\r', DETECT, env);
  expect(third.stdout).toMatch(/device: CPU\r?\n/);
  expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual({ devices: { [hostname()]: 'CPU' } });
});

it('prompts again if the device is gone, and stops if cancelled', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  await writeFile(join(env.DECANT_CACHE, 'settings.json'), JSON.stringify({ devices: { [hostname()]: 'NPU' } }));
  const { code, stdout } = await onTerminal('\\x03', DETECT, env);
  expect(code).toBe(1);
  expect(stdout).toContain(QUESTION);
  expect(stdout).toMatch(/decant: no device was chosen\r?\n {2}try: Name one with --device\./);
});

it.each([
  ['with --device', ['--device', 'CPU'], {}],
  ['with --json', ['--json'], {}],
  ['in CI', [], { CI: 'true' }],
])('does not prompt %s', async (_, more, env) => {
  const { code, stdout } = await onTerminal('', [...DETECT, ...more], {
    ...env,
    DECANT_CACHE: await temporaryFolder(),
  });
  expect(code).toBe(0);
  expect(stdout).not.toContain(QUESTION);
});

it('does not prompt without a terminal, and ignores corrupt settings', async () => {
  const env = { CI: undefined, DECANT_CACHE: await temporaryFolder() };
  await writeFile(join(env.DECANT_CACHE, 'settings.json'), '{"devices": 5');
  expect(jsonOf(await decant([...DETECT, '--json'], { env }))).toMatchObject({ device: 'CPU' });
  expect((await decant(DETECT, { env })).stdout).toContain('device: CPU (requested AUTO)');
  expect((await decant(['devices', '--forget', '--json'], { env })).code).toBe(0);
  expectFailure(await decant([...DETECT, '--device', 'TPU'], { env }), 1, 'TPU');
});
