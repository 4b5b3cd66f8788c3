import { spawn } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DecantError } from '../errors.ts';
import { wheelFromIndex } from './fetch-wheel.ts';
import { GET_OPENVINO } from './location.ts';
import { pipIndex } from './pip-index.ts';
import { PYTHON_COMMANDS, type PythonCommand } from './python.ts';

export interface WheelDownloadOptions {
  readonly version: string;
  /** An existing folder for exclusive use. */
  readonly folder: string;
  readonly onProgress: (done: number, total: number | undefined) => void;
  readonly signal: AbortSignal | undefined;
}

/** All wheels of a release contain the same libraries; every release since 2024 has one for this Python. */
const WHEEL_PYTHON = '3.12';

/** Milliseconds. */
const PROGRESS_INTERVAL = 200;

const LAST_LINES = 3;

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };

export async function downloadWheel(options: WheelDownloadOptions): Promise<string> {
  for (const python of PYTHON_COMMANDS) {
    const { status, output } = await runPip(python, options);
    if (options.signal?.aborted === true) throw new DecantError('cancelled', 'setting up OpenVINO was cancelled');
    const hasPip = status !== undefined && !/No module named '?pip/.test(output);
    if (hasPip && status !== 0) throw pipError(options.version, output);
    if (hasPip) return await wheelIn(options.folder);
  }
  const index = await pipIndex();
  if (index !== undefined) return wheelFromIndex(index, options.version, options);
  throw new DecantError(
    'runtime-missing',
    'no package index is known to download OpenVINO from: Python 3 with pip was not found, and neither PIP_INDEX_URL nor pip.conf names one',
    {
      remedy:
        'Pass the URL of a Python package index with --index URL, or a wheel with --wheel FILE, install Python 3 with pip, ' +
        'or unpack an OpenVINO archive and set DECANT_OPENVINO to its folder.',
    },
  );
}

/** Ends pip together with this process, even if that is killed: standard input is then closed. */
const RUN_PIP = `
import os, runpy, sys, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
sys.argv[0] = 'pip'
runpy.run_module('pip', run_name='__main__', alter_sys=True)`;

interface Outcome {
  readonly status: number | undefined;
  readonly output: string;
}

async function runPip([command, ...args]: PythonCommand, options: WheelDownloadOptions): Promise<Outcome> {
  const { version, folder, onProgress, signal } = options;
  const temporary = join(folder, 'pip');
  await mkdir(temporary, { recursive: true });
  const download = ['-c', RUN_PIP, 'download', `openvino==${version}`, '--dest', folder, '--no-deps', '--no-input'];
  const choice = ['--only-binary', ':all:', '--python-version', WHEEL_PYTHON, '--disable-pip-version-check'];
  const pip = spawn(command, [...args, ...download, ...choice], {
    // Neither Python itself nor its modules may come from the user's working folder.
    cwd: temporary,
    // pip's temporary files show the progress, and are removed with the folder even if pip is killed.
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  for (const stream of [pip.stdout, pip.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  const watch = setInterval(() => {
    void wheels(folder).then(found => {
      const done = Math.max(0, ...found.map(({ size }) => size));
      const total = totalIn(output);
      onProgress(done, total === undefined ? undefined : Math.max(done, total));
    });
  }, PROGRESS_INTERVAL);
  try {
    return await new Promise(resolve => {
      // An aborted command also emits an error, but ends with close.
      pip.on('error', () => {
        if (pip.pid === undefined) resolve({ status: undefined, output });
      });
      pip.on('close', status => resolve({ status: status ?? 1, output }));
    });
  } finally {
    clearInterval(watch);
  }
}

/** pip moves them while it runs. */
async function wheels(folder: string): Promise<readonly { path: string; size: number }[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = entries.filter(name => name.endsWith('.whl')).map(name => join(folder, name));
  return Promise.all(paths.map(async path => ({ path, size: (await stat(path).catch(() => ({ size: 0 }))).size })));
}

async function wheelIn(folder: string): Promise<string> {
  const [wheel] = await wheels(folder);
  if (wheel === undefined)
    throw new DecantError('io', 'pip did not download an OpenVINO wheel', { remedy: GET_OPENVINO });
  return wheel.path;
}

/** `Downloading openvino-….whl (59.1 MB)` -> 59,100,000 */
function totalIn(output: string): number | undefined {
  const match = /\.whl \((\d+(?:\.\d+)?) (kB|MB|GB)\)/.exec(output);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}

function pipError(version: string, output: string): DecantError {
  if (output.includes('No space left on device')) return diskFull(output);
  const lines = output.split('\n').map(line => line.trim());
  const last = lines.filter(line => line !== '').slice(-LAST_LINES);
  return new DecantError('io', `pip cannot download openvino ${version}: ${last.join(' ')}`, {
    cause: output,
    remedy: GET_OPENVINO,
  });
}

export const diskFull = (cause: unknown): DecantError =>
  new DecantError('io', 'not enough disk space for OpenVINO: its setup needs 240 MB', {
    cause,
    remedy: 'Free disk space, or set DECANT_CACHE to a folder on another disk.',
  });
