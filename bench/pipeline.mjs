// Compares the throughput of `detectAll` with sequential `detect` calls. The two alternate over the same images, each
// with the performance hint made for it. If a folder is given, the IR and the images are kept there, for
// `python bench/pipeline_peer.py FOLDER`.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Detector } from 'decant';
import sharp from 'sharp';

const IMAGES = 200;
/** Images per turn of each contestant. */
const TURN = 25;
const HUMAN = 'node_modules/@vladmandic/human';
const SIZE = { width: 640, height: 480 };

/** Writes crops of the sample photo, each from a different position. */
async function writeImages(folder) {
  const { width, height } = await sharp(`${HUMAN}/assets/samples.jpg`).metadata();
  const photo = await sharp(`${HUMAN}/assets/samples.jpg`).toBuffer();
  const paths = Array.from({ length: IMAGES }, (_, i) => join(folder, `${String(i).padStart(3, '0')}.jpg`));
  for (const [i, path] of paths.entries()) {
    const left = (i * 97) % (width - SIZE.width);
    const top = (i * 61) % (height - SIZE.height);
    await sharp(photo)
      .extract({ left, top, ...SIZE })
      .jpeg({ quality: 90 })
      .toFile(path);
  }
  return paths;
}

async function oneByOne(detector, paths) {
  let found = 0;
  for (const path of paths) found += (await detector.detect(path, { threshold: 0.3 })).detections.length;
  return found;
}

async function pipeline(detector, paths) {
  let found = 0;
  for await (const { result } of detector.detectAll(paths, { threshold: 0.3 })) found += result.detections.length;
  return found;
}

const [kept] = process.argv.slice(2);
const folder = kept ?? mkdtempSync(join(tmpdir(), 'decant-bench-'));
mkdirSync(folder, { recursive: true });
try {
  const paths = await writeImages(folder);
  const model = `${HUMAN}/models/centernet.json`;
  const contestants = [
    { name: 'sequential', run: oneByOne, detector: await Detector.load(model, { device: 'CPU' }) },
    {
      name: 'pipeline',
      run: pipeline,
      detector: await Detector.load(model, { device: 'CPU', performanceHint: 'throughput' }),
    },
  ].map(contestant => ({ ...contestant, ms: 0, found: 0 }));
  for (const { run, detector } of contestants) await run(detector, paths.slice(0, 8));
  for (let at = 0; at < IMAGES; at += TURN) {
    for (const contestant of contestants) {
      const start = performance.now();
      contestant.found += await contestant.run(contestant.detector, paths.slice(at, at + TURN));
      contestant.ms += performance.now() - start;
    }
  }
  for (const { name, ms, found, detector } of contestants) {
    const rate = ((1000 * IMAGES) / ms).toFixed(1);
    console.log(
      `${name}: ${(ms / IMAGES).toFixed(1)} ms per image, ${rate} per second, ${found} detections, requests: ${detector.requests}`,
    );
  }
  console.log(`ratio: ${(contestants[0].ms / contestants[1].ms).toFixed(2)}`);
  if (kept !== undefined) {
    const { path } = contestants[0].detector;
    for (const ending of ['.xml', '.bin']) copyFileSync(path.replace(/\.xml$/, ending), join(folder, `model${ending}`));
  }
  for (const { detector } of contestants) detector.close();
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true });
}
