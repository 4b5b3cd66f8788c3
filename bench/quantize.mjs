// Compares `decant quantize` with NNCF: accuracy, size and speed of the models, time and memory of making them, alternately.
// Usage: node bench/quantize.mjs PYTHON CALIBRATION EVALUATION MODEL...
// PYTHON has nncf 3.4.0, openvino 2026.4.1 and pillow; CALIBRATION and EVALUATION are folders of images. Run `npm run build` first.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { convertModel, Detector, evaluateCoco, quantizeModel, saveModel } from '../dist/index.js';

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
  const start = performance.now();
  await saveModel(await quantizeModel(ir, images), xml);
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
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

/** mAP of models, with the detections of the first one as the truth; undefined if it finds too few objects. */
async function accuracies([f32, ...others], images) {
  const truth = (await detectAll(f32, images)).filter(({ score }) => score >= TRUTH);
  if (truth.length < FEWEST_OBJECTS) return undefined;
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
  const found = [];
  for (const model of others) found.push(evaluateCoco(dataset, await detectAll(model, images)).stats.AP);
  return found;
}

const weightsOf = async xml => (await stat(xml.replace(/xml$/, 'bin'))).size;

async function compare(model, folder, python, calibration, evaluation) {
  const [f32, ours, theirs] = ['f32', 'decant', 'nncf'].map(name => join(folder, `${name}.xml`));
  await saveModel(await convertModel(model, { compressToFp16: false }), f32);
  const own = await run(process.execPath, [import.meta.filename, '--quantize', f32, ours, ...calibration]);
  const peer = await run(python, [PEER, 'quantize', f32, theirs, ...calibration]);
  const { snr, ms, int8 } = await run(python, [PEER, 'compare', f32, ours, theirs, ...evaluation.slice(0, 10)]);
  const [size, ...sizes] = await Promise.all([f32, ours, theirs].map(weightsOf));
  const AP = await accuracies([f32, ours, theirs], evaluation).catch(error => void console.error(String(error)));
  const pair = (numbers, digits) => (numbers === undefined ? '-' : numbers.map(x => x.toFixed(digits)).join(' / '));
  return [
    ['mAP, f32 as truth', pair(AP, 4)],
    ['signal to noise, dB', pair(snr, 2)],
    ['ms (f32, decant / NNCF)', `${ms[0].toFixed(1)}, ${pair(ms.slice(1), 1)}`],
    ['speed against NNCF, f32', `${(ms[2] / ms[1]).toFixed(3)}, ${(ms[0] / ms[1]).toFixed(2)}`],
    [
      'int8 kernels',
      int8
        .slice(1)
        .map(([some, all]) => `${some} of ${all}`)
        .join(' / '),
    ],
    [
      '.bin against f32',
      pair(
        sizes.map(bytes => bytes / size),
        3,
      ),
    ],
    ['seconds', `${pair([own.seconds, peer.seconds], 1)} = ${(own.seconds / peer.seconds).toFixed(2)}`],
    ['MB', `${pair([own.megabytes, peer.megabytes], 0)} = ${(own.megabytes / peer.megabytes).toFixed(2)}`],
  ];
}

async function main([python, calibration, evaluation, ...models]) {
  const [used, unseen] = await Promise.all([calibration, evaluation].map(imagesIn));
  console.log(`${used.length} images for calibration, ${unseen.length} for evaluation; decant / NNCF`);
  for (const model of models) {
    const folder = await mkdtemp(join(tmpdir(), 'decant-bench-'));
    try {
      console.log(`\n${basename(model)}`);
      for (const [name, text] of await compare(model, folder, python, used, unseen))
        console.log(`  ${name.padEnd(26)}${text}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const [first, ...args] = process.argv.slice(2);
if (first === '--quantize') await quantize(args);
else await main([first, ...args]);
