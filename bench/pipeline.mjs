// From JPEG files to JSON: `decant detect FOLDER --json` against a Python script with OpenCV and AsyncInferQueue, on decant's
// IR and on that of OpenVINO's converter, with f32 weights. Whole processes run in turns, after the detections of all have
// been compared.
//
//     pip install openvino==2026.4.1 opencv-python-headless==5.0.0.93 numpy==2.4.6
//     node bench/pipeline.mjs [--python python3] [--images 200] [--rounds 5] [--ours-only] [--work FOLDER] MODEL
//
// MODEL is a SavedModel of a detector. A folder given as --work keeps the images and IRs for the next run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const PHOTO = 'node_modules/@vladmandic/human/assets/samples.jpg';
const SIZE = { width: 1280, height: 720 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    images: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    'ours-only': { type: 'boolean', default: false },
    work: { type: 'string' },
  },
});
const [model] = positionals;
if (model === undefined) throw new Error('name the SavedModel of a detector');
const images = Number(values.images);

/** Writes 16:9 crops of the photo, each of another position, size and quality. */
async function writeImages(folder) {
  const photo = await sharp(PHOTO).metadata();
  for (let i = 0; i < images; i++) {
    const height = 360 + ((i * 37) % 361);
    const width = Math.floor((height * 16) / 9);
    const left = (i * 97) % (photo.width - width + 1);
    const top = (i * 61) % (photo.height - height + 1);
    await sharp(PHOTO)
      .extract({ left, top, width, height })
      .resize(SIZE.width, SIZE.height, { fit: 'fill' })
      .jpeg({ quality: 75 + 5 * (i % 5) })
      .toFile(join(folder, `${String(i).padStart(3, '0')}.jpg`));
  }
}

function run(command, ...args) {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'pipe'] };
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}: ${stderr}`);
  return { stdout, seconds: (performance.now() - start) / 1000 };
}

const decant = (...args) => run(process.execPath, 'bin/decant.js', ...args);

const detectionsIn = json =>
  new Map(JSON.parse(json).images.map(({ file, detections }) => [basename(file), detections]));

/** The share of expected detections that were found: the same class, a score within 0.01 and edges within 2 pixels. */
function share(found, expected) {
  const all = detectionsIn(found);
  const rows = [...detectionsIn(expected)].flatMap(([file, detections]) => {
    const others = all.get(file) ?? [];
    return detections.map(one => others.some(other => isSame(one, other)));
  });
  return `${rows.filter(Boolean).length} of ${rows.length}`;
}

const isSame = (one, other) =>
  one.classId === other.classId &&
  Math.abs(one.score - other.score) < 0.01 &&
  Object.entries(one.box).every(([edge, at]) => Math.abs(at - other.box[edge]) < 2);

const work = values.work ?? mkdtempSync(join(tmpdir(), 'decant-bench-'));
try {
  const folder = join(work, `images-${images}`);
  const irs = join(work, basename(model));
  const [ours, official] = ['ours', 'official'].map(name => join(irs, `${name}.xml`));
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    await writeImages(folder);
  }
  if (!existsSync(ours)) decant('convert', model, '--no-fp16', '-o', ours);
  const peers = values['ours-only'] ? [] : [['Python, official IR', official]];
  if (peers.length > 0 && !existsSync(official)) {
    run(
      values.python,
      '-c',
      'import sys, openvino as ov; ov.save_model(ov.convert_model(sys.argv[1]), sys.argv[2], compress_to_fp16=False)',
      model,
      official,
    );
  }
  const contestants = [
    ['decant', () => decant('detect', model, folder, '--no-fp16', '--json')],
    ...[['Python, decant IR', ours], ...peers].map(([name, ir]) => [
      name,
      () => run(values.python, 'bench/pipeline_peer.py', ir, folder),
    ]),
  ].map(([name, turn]) => ({ name, turn, first: turn().stdout, seconds: [] }));
  for (const { name, first } of contestants.slice(1))
    console.log(`${name}: same detections: ${share(first, contestants[0].first)}`);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const { turn, seconds } of contestants) seconds.push(turn().seconds);
  }
  const medians = contestants.map(({ seconds }) => seconds.toSorted((a, b) => a - b)[seconds.length >> 1]);
  for (const [i, { name, seconds }] of contestants.entries()) {
    const rate = (images / medians[i]).toFixed(1);
    const spread = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
    console.log(
      `${name}: ${rate} images per second (${spread}), ${(medians[0] / medians[i]).toFixed(2)} of decant's rate`,
    );
  }
} finally {
  if (values.work === undefined) rmSync(work, { recursive: true });
}
