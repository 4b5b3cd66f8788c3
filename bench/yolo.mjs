// Compares YOLO with Ultralytics' own post-processing, with NMS in decant's code and in the graph. Usage, after `npm run build` and
// the two commands of bench/yolo_peer.py: node bench/yolo.mjs FOLDER NAME...
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector } from '../dist/index.js';
import { clip, edgesOf, largest } from './edges.mjs';

const [folder, ...names] = process.argv.slice(2);

/** Share of pixels that differ, apart from those at the edges of the box, which are rounded differently. */
function maskDifference({ x, y, width, height, data, imageSize }, text) {
  const bits = Buffer.from(text, 'base64');
  let wrong = 0;
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const at = (y + row) * imageSize.width + x + column;
      if (data[row * width + column] !== ((bits[at >> 3] >> (7 - (at & 7))) & 1)) wrong++;
    }
  }
  return wrong / (width * height);
}

function compare(expected, found, size) {
  const left = new Set(found);
  const worst = { box: 0, score: 0, keypoint: 0, mask: 0 };
  let matched = 0;
  for (const { box, score, classId, keypoints, mask } of expected) {
    const same = [...left].filter(other => other.classId === classId && largest(edgesOf(other.box), box) < 1);
    const [nearest] = same.sort((a, b) => Math.abs(a.score - score) - Math.abs(b.score - score));
    if (nearest === undefined) continue;
    left.delete(nearest);
    matched++;
    worst.box = Math.max(worst.box, largest(edgesOf(nearest.box), box));
    worst.score = Math.max(worst.score, Math.abs(nearest.score - score));
    // Ultralytics moves keypoints into the image.
    keypoints?.forEach(([x, y], i) => {
      const point = nearest.keypoints[i];
      const moved = [clip(point.x, size.width), clip(point.y, size.height)];
      worst.keypoint = Math.max(worst.keypoint, largest(moved, [x, y]));
    });
    if (mask !== undefined) worst.mask = Math.max(worst.mask, maskDifference(nearest.mask, mask));
  }
  return { matched, ...worst };
}

for (const name of names) {
  const expected = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  for (const nms of [false, true]) {
    const convert = { compressToFp16: false, nms };
    let detector;
    try {
      detector = await Detector.load(join(folder, `${name}_saved_model`), { device: 'CPU', convert });
    } catch (error) {
      console.log(`${name}, NMS in the graph: ${error.message}`);
      continue;
    }
    const total = { expected: 0, found: 0, matched: 0, box: 0, score: 0, keypoint: 0, mask: 0 };
    for (const [file, wanted] of Object.entries(expected)) {
      const { detections, width, height } = await detector.detect(join(folder, file), { threshold: 0 });
      // Boxes outside of the image are no detections.
      const inside = wanted.filter(({ box: [xmin, ymin, xmax, ymax] }) => xmin < xmax && ymin < ymax);
      const { matched, ...worst } = compare(inside, detections, { width, height });
      total.expected += inside.length;
      total.found += detections.length;
      total.matched += matched;
      for (const [key, value] of Object.entries(worst)) total[key] = Math.max(total[key], value);
    }
    const { kind } = detector;
    detector.close();
    console.log(
      `${name}, ${kind}${nms ? ' (NMS in the graph)' : ''}: ${total.matched} of ${total.expected} matched, ${total.found} found; ` +
        `box ${total.box.toFixed(3)} px, score ${total.score.toExponential(1)}, ` +
        `keypoint ${total.keypoint.toFixed(3)} px, mask ${(100 * total.mask).toFixed(2)} % of pixels`,
    );
  }
}
