// Compares KerasHub's and KerasCV's detectors with their own post-processing. Usage, after `npm run build` and the commands of
// bench/keras_peer.py: node bench/keras.mjs FOLDER [hub | cv]...
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector } from '../dist/index.js';
import { clip, edgesOf, largest } from './edges.mjs';

const [folder, ...kinds] = process.argv.slice(2);

function iou(a, b) {
  const side = axis => Math.max(0, Math.min(a[axis + 2], b[axis + 2]) - Math.max(a[axis], b[axis]));
  const area = box => (box[2] - box[0]) * (box[3] - box[1]);
  const both = side(0) * side(1);
  return both / (area(a) + area(b) - both);
}

/** Maps boxes of the model's input to the image, which it contains in the middle or in the upper left corner. */
function toImage({ box, ...rest }, { width, height }, side, pads) {
  const ratio = side / Math.max(width, height);
  const before = size => (pads === 'both' ? Math.floor((Math.max(width, height) - size) / 2) : 0);
  const [left, top] = [before(width), before(height)];
  // Padding on both sides is the same, and the sum is stretched to the model's input.
  const x = pads === 'both' ? (width + 2 * left) / side : 1 / ratio;
  const y = pads === 'both' ? (height + 2 * top) / side : 1 / ratio;
  const edges = box.map((edge, i) =>
    clip(edge * (i % 2 === 0 ? x : y) - (i % 2 === 0 ? left : top), i % 2 === 0 ? width : height),
  );
  return { ...rest, box: edges };
}

function compare(expected, found) {
  const left = new Set(found);
  const worst = { matched: 0, box: 0, score: 0 };
  for (const { box, score, classId } of expected) {
    const same = [...left].filter(other => other.classId === classId && Math.abs(other.score - score) <= 0.02);
    const [nearest] = same.sort((a, b) => iou(edgesOf(b.box), box) - iou(edgesOf(a.box), box));
    if (nearest === undefined || !(iou(edgesOf(nearest.box), box) >= 0.9)) continue;
    left.delete(nearest);
    worst.matched++;
    worst.box = Math.max(worst.box, largest(edgesOf(nearest.box), box));
    worst.score = Math.max(worst.score, Math.abs(nearest.score - score));
  }
  return worst;
}

for (const kind of kinds) {
  const { side, cases } = JSON.parse(await readFile(join(folder, `cases-${kind}.json`), 'utf8'));
  for (const { model, head, pads, expected } of cases) {
    const detector = await Detector.load(join(folder, model), {
      device: 'CPU',
      convert: { compressToFp16: false },
      ...(head !== null && { head }),
    });
    const totals = new Map();
    for (const [file, wanted] of Object.entries(expected)) {
      const { detections, width, height } = await detector.detect(join(folder, file), { threshold: 0 });
      const inside = wanted
        .map(each => toImage(each, { width, height }, side, pads))
        .filter(({ box: [xmin, ymin, xmax, ymax] }) => xmin < xmax && ymin < ymax);
      const form = /-(\w+)\.png$/.exec(file)[1];
      const total = totals.get(form) ?? { expected: 0, found: 0, matched: 0, box: 0, score: 0 };
      const { matched, box, score } = compare(inside, detections);
      totals.set(form, {
        expected: total.expected + inside.length,
        found: total.found + detections.length,
        matched: total.matched + matched,
        box: Math.max(total.box, box),
        score: Math.max(total.score, score),
      });
    }
    for (const [form, { found, expected: wanted, matched, box, score }] of totals) {
      console.log(
        `${model}, ${detector.kind}, ${form}: ${found} / ${wanted}, ${matched} matched; ` +
          `edges ${box.toFixed(4)} px, score ${score.toExponential(1)}`,
      );
    }
    detector.close();
  }
}
