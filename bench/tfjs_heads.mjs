// Compares face boxes and poses with TensorFlow.js: the model runs there on the same input, and its outputs are decoded here with
// TensorFlow.js' own ops. Usage: node bench/tfjs_heads.mjs IMAGE... (after npm run build)
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { Detector, readImage } from '../dist/index.js';
import { networkHead, readIrInfo } from '../dist/internals.js';
import { clip } from './edges.mjs';

const MODELS = join(import.meta.dirname, '../node_modules/@vladmandic/human/models');

async function load(path) {
  const { modelTopology, weightsManifest, signature, userDefinedMetadata } = JSON.parse(await readFile(path, 'utf8'));
  const parts = await Promise.all(
    weightsManifest.flatMap(group => group.paths).map(file => readFile(join(dirname(path), file))),
  );
  const { buffer, byteOffset, byteLength } = Buffer.concat(parts);
  const artifacts = {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(group => group.weights),
    weightData: buffer.slice(byteOffset, byteOffset + byteLength),
    format: 'graph-model',
    generatedBy: null,
    convertedBy: null,
  };
  const { inputs, outputs } = signature ?? userDefinedMetadata.signature;
  const nodes = Object.values(outputs).map(({ name }) => name);
  const model = await tf.loadGraphModel({ load: async () => artifacts });
  return feed => [model.execute({ [Object.values(inputs)[0].name]: feed }, nodes)].flat();
}

/** As `@vladmandic/human` decodes: anchors in pixels, and the two grids joined by size. Faces are rows of ymin, xmin, ymax, xmax, score. */
function facesOf(outputs, side) {
  const [logitsB, logitsA, offsetsB, offsetsA] = [...outputs].sort((a, b) => a.size - b.size);
  const all = tf.concat([tf.concat([logitsA, offsetsA], 2), tf.concat([logitsB, offsetsB], 2)], 1).squeeze([0]);
  const anchors = [
    [side / 16, 2],
    [side / 8, 6],
  ].flatMap(([stride, perCell]) => {
    const cells = side / stride;
    const centers = Array.from({ length: cells }, (_, i) => stride * (i + 0.5));
    return centers.flatMap(y => centers.flatMap(x => Array.from({ length: perCell }, () => [y, x])));
  });
  const centers = all.slice([0, 1], [-1, 2]).reverse(1).add(tf.tensor2d(anchors));
  const halves = all.slice([0, 3], [-1, 2]).reverse(1).div(2);
  const boxes = tf.concat([centers.sub(halves), centers.add(halves)], 1).div(side);
  const scores = all.slice([0, 0], [-1, 1]).squeeze([1]).sigmoid();
  const kept = tf.image.nonMaxSuppression(boxes, scores, 100, 0.3, 0.5).arraySync();
  const points = all.slice([0, 5]).arraySync();
  return kept.map(i => ({
    box: boxes.arraySync()[i],
    score: scores.arraySync()[i],
    points: Array.from({ length: 6 }, (_, k) => [
      (points[i][2 * k + 1] + anchors[i][0]) / side,
      (points[i][2 * k] + anchors[i][1]) / side,
    ]),
  }));
}

function posesOf([output]) {
  const points = output.arraySync()[0][0];
  const seen = points.filter(([, , score]) => score >= 0.2);
  if (seen.length === 0) return [];
  const [ys, xs] = [0, 1].map(i => seen.map(point => point[i]));
  const score = seen.reduce((sum, point) => sum + point[2], 0) / seen.length;
  return [{ box: [Math.min(...ys), Math.min(...xs), Math.max(...ys), Math.max(...xs)], score, points }];
}

const CASES = { blazeface: facesOf, 'movenet-lightning': posesOf };

await tf.setBackend('cpu');
for (const [name, decode] of Object.entries(CASES)) {
  const run = await load(join(MODELS, `${name}.json`));
  const detector = await Detector.load(join(MODELS, `${name}.json`), {
    device: 'CPU',
    convert: { compressToFp16: false },
  });
  const head = networkHead(detector.compiled, await readIrInfo(detector.path));
  for (const file of process.argv.slice(2)) {
    const image = await readImage(file);
    const [feed] = Object.values(await head.prepare(image));
    const side = feed.shape[1];
    const expected = decode(run(tf.tensor(feed.data, feed.shape, feed.type === 'i32' ? 'int32' : 'float32')), side);
    const { x, y, width, height } = head.area(image);
    const toPixels = ([py, px]) => [(x + px * width) * image.width, (y + py * height) * image.height];
    const { detections } = await detector.detect(image, { threshold: 0 });
    let [boxes, scores, points] = [0, 0, 0];
    expected.forEach((face, i) => {
      const { box, score, keypoints } = detections[i] ?? {};
      if (box === undefined) return;
      const [xmin, ymin] = toPixels(face.box);
      const [xmax, ymax] = toPixels(face.box.slice(2));
      const edges = [
        clip(xmin, image.width),
        clip(ymin, image.height),
        clip(xmax, image.width),
        clip(ymax, image.height),
      ];
      [box.xmin, box.ymin, box.xmax, box.ymax].forEach(
        (edge, k) => (boxes = Math.max(boxes, Math.abs(edge - edges[k]))),
      );
      scores = Math.max(scores, Math.abs(score - face.score));
      face.points.forEach((point, k) => {
        const [px, py] = toPixels(point);
        points = Math.max(points, Math.hypot(keypoints[k].x - px, keypoints[k].y - py));
      });
    });
    console.log(
      `${name}, ${image.name}: ${expected.length} expected, ${detections.length} found; largest differences: ` +
        `box ${boxes.toFixed(3)} px, score ${scores.toExponential(1)}, keypoint ${points.toFixed(3)} px`,
    );
  }
  detector.close();
}
