// Compares `decant quantize` with NNCF: accuracy, size and speed of the models, time and memory of making them, alternately.
//
//   node bench/quantize.mjs [--runs N] [--docs] PYTHON CALIBRATION EVALUATION MODEL...
//
// Prints a table. PYTHON has nncf 3.4.0, openvino 2026.4.1 and pillow; CALIBRATION and EVALUATION are folders of images.
// Run `npm run build` first.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { convertModel, Detector, evaluateCoco, quantizeModel, saveModel } from '../dist/index.js';
import { publish } from './publish.mjs';
import { quantizationChart, quantizationTable } from './quantize-tables.mjs';

const USAGE = `Usage: node bench/quantize.mjs [options] PYTHON CALIBRATION EVALUATION MODEL...

  PYTHON               Python with nncf 3.4.0, openvino 2026.4.1 and pillow
  CALIBRATION          folder of the images to quantize with, at least 28
  EVALUATION           folder of other images, on which detections are compared
  MODEL                a model that decant converts: a SavedModel, a TensorFlow.js model
  --runs N             times that each quantizes, alternately (3)
  --docs               also update docs/quantization.md and its chart`;

/** Lowest score of what counts as an object in the f32 detections, and least number of objects for a meaningful mAP. */
const TRUTH = 0.3;
const FEWEST_OBJECTS = 20;

const PEER = join(import.meta.dirname, 'quantize_peer.py');

const imagesIn = async folder =>
  (await readdir(folder))
    .filter(file => /\.(?:png|jpe?g)$/i.test(file))
    .toSorted()
    .map(file => join(folder, file));

/** Runs a program that prints JSON in its last line. */
async function run(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', text => (output += text));
  child.stderr.on('data', text => (errors += text));
  const status = await new Promise(resolve => child.on('close', resolve));
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${errors.slice(-2000)}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** The other side of `run`, for decant: quantizes in a process of its own, so that its memory can be told. */
async function quantize([ir, xml, ...images]) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await saveModel(await quantizeModel(ir, images), xml);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  console.log(
    JSON.stringify({ seconds, cpu: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 }),
  );
}

async function detectAll(model, images) {
  const detector = await Detector.load(model);
  const found = [];
  for (const [imageId, image] of images.entries()) {
    const { detections } = await detector.detect(image, { threshold: 0.01, maxDetections: 100 });
    for (const { classId, score, box } of detections) {
      const bbox = [box.xmin, box.ymin, box.xmax - box.xmin, box.ymax - box.ymin];
      found.push({ imageId, categoryId: classId, score, bbox });
    }
  }
  detector.close();
  return found;
}

/**
 * mAP of models, with the detections of the first one as the truth; undefined if it finds too few objects, or if the outputs of
 * a model are no detections.
 */
async function accuracies([f32, ...others], images) {
  const found = await detectAll(f32, images).catch(warn);
  const truth = (found ?? []).filter(({ score }) => score >= TRUTH);
  if (truth.length < FEWEST_OBJECTS) return others.map(() => undefined);
  const dataset = {
    images: images.map((fileName, id) => ({ id, fileName, width: 0, height: 0 })),
    categories: [...new Set(truth.map(({ categoryId }) => categoryId))].map(id => ({ id, name: String(id) })),
    annotations: truth.map((object, i) => ({
      ...object,
      id: i + 1,
      area: object.bbox[2] * object.bbox[3],
      crowd: false,
    })),
  };
  const all = [];
  for (const model of others) {
    const results = await detectAll(model, images).catch(warn);
    all.push(results && evaluateCoco(dataset, results).stats.AP);
  }
  return all;
}

const warn = error => void console.error(String(error));

const median = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

const weightsOf = async xml => (await stat(xml.replace(/xml$/, 'bin'))).size;

/** Models are named by their files; a SavedModel by the folder that it is in. */
const nameOf = model => basename(basename(model) === 'saved_model' ? dirname(model) : model).replace(/\.json$/, '');

async function compare(model, folder, python, { calibration, evaluation, runs }) {
  const [f32, ours, theirs] = ['f32', 'decant', 'nncf'].map(name => join(folder, `${name}.xml`));
  await saveModel(await convertModel(model, { compressToFp16: false, winograd: false }), f32);
  const made = [];
  for (let i = 0; i < runs; i++) {
    const own = await run(process.execPath, [import.meta.filename, '--quantize', f32, ours, ...calibration]);
    made.push([own, await run(python, [PEER, 'quantize', f32, theirs, ...calibration])]);
  }
  const medians = key => [0, 1].map(side => median(made.map(both => both[side][key])));
  const { snr, ms, int8 } = await run(python, [PEER, 'compare', f32, ours, theirs, ...evaluation.slice(0, 10)]);
  const sizes = await Promise.all([f32, ours, theirs].map(weightsOf));
  const AP = await accuracies([f32, ours, theirs], evaluation);
  const [seconds, cpu, megabytes] = ['seconds', 'cpu', 'megabytes'].map(medians);
  return { name: nameOf(model), snr, ms, int8, sizes, AP, seconds, cpu, megabytes };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '3' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [python, calibrationFolder, evaluationFolder, ...models] = positionals;
  if (values.help || models.length === 0) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const [calibration, evaluation] = await Promise.all([calibrationFolder, evaluationFolder].map(imagesIn));
  const setting = { calibration, evaluation, runs: Number(values.runs) };
  const measured = [];
  for (const model of models) {
    const folder = await mkdtemp(join(tmpdir(), 'decant-bench-'));
    try {
      measured.push(await compare(model, folder, python, setting));
      console.error(JSON.stringify(measured.at(-1)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const counts = { ...setting, calibration: calibration.length, evaluation: evaluation.length };
  const markdown = quantizationTable(measured, counts);
  console.log(markdown);
  if (values.docs) publish('quantization', markdown, await quantizationChart(measured));
}

if (process.argv[2] === '--quantize') await quantize(process.argv.slice(3));
else await main();
