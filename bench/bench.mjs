// Compares decant with OpenVINO's converter, TensorFlow and TensorFlow.js: inference and conversion, in turns.
//
//   npm run bench -- [options] MODEL...
//
// Installs the peers of requirements.txt into bench/.venv, and writes JSON, tables and a chart to bench/results. Models are
// SavedModel folders or frozen graphs, or TensorFlow.js models, one of which is the default.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { speedUpChart } from './chart.mjs';
import { publish } from './publish.mjs';
import { tables } from './tables.mjs';

const HERE = import.meta.dirname;
const VENV = join(HERE, '.venv');
const REQUIREMENTS = join(HERE, 'requirements.txt');

/** TensorFlow 2.15 needs one of these. */
const PYTHONS = ['python3.11', 'python3.10', 'python3.9', 'python3'];
const SUPPORTED = 'import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))';

const USAGE = `Usage: npm run bench -- [options] MODEL...

  --size HxW           size of the image, if the model takes any (480x640)
  --runs N             turns of each peer in latency mode (15), and conversions (a third)
  --seconds N          duration for each peer in throughput mode (8)
  --threads N          threads of each peer (2)
  --precision TYPES    f32,default
  --hint HINTS         latency,throughput
  --only PART          inference or conversion
  --python FILE        Python with the packages of bench/requirements.txt, in place of bench/.venv
  --docs               also update docs/performance.md`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '480x640' },
    runs: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
    precision: { type: 'string', default: 'f32,default' },
    hint: { type: 'string', default: 'latency,throughput' },
    only: { type: 'string' },
    python: { type: 'string' },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status === 0;
}

/** Installs the peers, unless these versions are installed. */
function installedPython() {
  const python = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const installed = join(VENV, 'requirements.txt');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python;
  const base = PYTHONS.find(command => spawnSync(command, ['-c', SUPPORTED]).status === 0);
  if (base === undefined)
    throw new Error('TensorFlow 2.15 needs Python 3.9 to 3.11: install it, or name one with --python.');
  if (!run(base, '-m', 'venv', VENV) || !run(python, '-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS)) {
    throw new Error('the packages of bench/requirements.txt could not be installed');
  }
  writeFileSync(installed, wanted);
  return python;
}

function inference(python, models) {
  const json = join(RESULTS, 'inference.json');
  const { size, runs, seconds, threads, precision, hint } = values;
  const lists = ['--precision', ...precision.split(','), '--hint', ...hint.split(',')];
  const numbers = ['--size', size, '--runs', runs, '--seconds', seconds, '--threads', threads];
  const options = [...lists, ...numbers, '--work', join(HERE, '.models'), '--json', json];
  if (!run(python, join(HERE, 'inference.py'), ...models, ...options)) process.exitCode = 1;
  return JSON.parse(readFileSync(json, 'utf8'));
}

function conversion(python, models) {
  // OpenVINO's converter does not read models of TensorFlow.js.
  const shared = models.filter(model => !model.endsWith('.json'));
  if (shared.length === 0) return { models: [] };
  const json = join(RESULTS, 'conversion.json');
  const runs = Math.max(1, Math.round(values.runs / 3));
  if (!run(python, join(HERE, 'conversion.py'), '--runs', String(runs), '--json', json, ...shared))
    process.exitCode = 1;
  return JSON.parse(readFileSync(json, 'utf8'));
}

const RESULTS = join(HERE, 'results');
const DEFAULT_MODEL = join(HERE, '../node_modules/@vladmandic/human/models/centernet.json');

async function main() {
  mkdirSync(RESULTS, { recursive: true });
  const models = positionals.length > 0 ? positionals : [DEFAULT_MODEL];
  const python = values.python ?? installedPython();
  const measured = {
    inference: values.only === 'conversion' ? { models: [] } : inference(python, models),
    conversion: values.only === 'inference' ? { models: [] } : conversion(python, models),
  };
  const markdown = tables(measured);
  const chart = await speedUpChart(measured.inference);
  writeFileSync(join(RESULTS, 'tables.md'), markdown);
  writeFileSync(join(RESULTS, 'chart.png'), chart);
  if (values.docs) publish('performance', markdown, chart);
  console.log(markdown);
}

if (values.help) console.log(USAGE);
else await main();
