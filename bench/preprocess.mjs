// Compares preprocessing inside the model with preprocessing in JavaScript, for raw frames of three sizes and three color
// formats: the largest difference in the network's input, and the time per frame.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertModel, Core, preprocess, resize, saveModel } from '../dist/index.js';

const RUNS = 7;
const SIZES = [
  [640, 480],
  [1280, 720],
  [1920, 1080],
];
const COLORS = ['BGR', 'RGBX', 'NV12_SINGLE_PLANE'];
const SIDE = 512;

const centernet = join(import.meta.dirname, '../node_modules/@vladmandic/human/models/centernet.json');
const folder = await mkdtemp(join(tmpdir(), 'decant-bench-'));
const core = new Core();
const median = times => times.toSorted((a, b) => a - b)[times.length >> 1];

/** A frame with gradients and edges, as raw bytes of a color format. */
function frameOf(width, height, color) {
  const channels = { BGR: 3, RGBX: 4, NV12_SINGLE_PLANE: 1 }[color];
  const rows = channels === 1 ? height * 1.5 : height;
  const data = new Uint8Array(rows * width * channels);
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) data[at++] = 60 + ((x * 3 + y * 2 + c * 40) % 150) + ((x >> 5) & 1) * 40;
    }
  }
  return { data, shape: [1, rows, width, channels] };
}

/** Converts a frame to interleaved RGB, as a program would without preprocessing in the model. */
function toRgb({ data }, width, height, color) {
  const rgb = new Uint8Array(width * height * 3);
  const clamp = value => Math.min(255, Math.max(0, Math.round(value)));
  for (let i = 0; i < width * height; i++) {
    if (color === 'NV12_SINGLE_PLANE') {
      const [x, y] = [i % width, Math.floor(i / width)];
      const at = width * height + (y >> 1) * width + (x & ~1);
      const [c, d, e] = [1.164 * (data[i] - 16), data[at] - 128, data[at + 1] - 128];
      rgb[3 * i] = clamp(c + 1.596 * e);
      rgb[3 * i + 1] = clamp(c - 0.391 * d - 0.813 * e);
      rgb[3 * i + 2] = clamp(c + 2.018 * d);
    } else {
      const step = color === 'RGBX' ? 4 : 3;
      const [red, blue] = color === 'RGBX' ? [0, 2] : [2, 0];
      rgb[3 * i] = data[step * i + red];
      rgb[3 * i + 1] = data[step * i + 1];
      rgb[3 * i + 2] = data[step * i + blue];
    }
  }
  return rgb;
}

async function load(model, name) {
  const xml = join(folder, `${name}.xml`);
  await saveModel(model, xml);
  const compiled = await core.compileModel(await core.readModel(xml), 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  const request = compiled.createInferRequest();
  return { input: compiled.inputs[0].anyName, infer: tensor => request.inferAsync([tensor]) };
}

/** OpenVINO's bilinear resize: half-pixel centers, no antialiasing, in f32 like the model. */
function bilinear(rgb, width, height) {
  const result = new Float32Array(SIDE * SIDE * 3);
  const places = (from, i) => {
    const at = Math.max(0, ((i + 0.5) * from) / SIDE - 0.5);
    const first = Math.min(Math.floor(at), from - 1);
    return [first, Math.min(first + 1, from - 1), at - first];
  };
  for (let y = 0, to = 0; y < SIDE; y++) {
    const [top, bottom, down] = places(height, y);
    for (let x = 0; x < SIDE; x++) {
      const [left, right, across] = places(width, x);
      for (let c = 0; c < 3; c++) {
        const at = (row, column) => rgb[3 * (row * width + column) + c];
        const above = at(top, left) * (1 - across) + at(top, right) * across;
        const below = at(bottom, left) * (1 - across) + at(bottom, right) * across;
        result[to++] = above * (1 - down) + below * down;
      }
    }
  }
  return result;
}

try {
  const model = await convertModel(centernet);
  // Cut at the input, so that its output is the network's input.
  const identity = await convertModel(centernet, { outputs: ['tower_0/images'] });
  const plain = await load(model, 'plain');
  const rows = [];
  for (const color of COLORS) {
    const steps = { input: { color, resize: 'linear' } };
    const inside = await load(preprocess(model, steps), color);
    const seen = await load(preprocess(identity, steps), `seen-${color}`);
    for (const [width, height] of SIZES) {
      const frame = { type: 'u8', ...frameOf(width, height, color) };
      const [view] = Object.values(await seen.infer(frame));
      const expected = bilinear(toRgb(frame, width, height, color), width, height);
      let difference = 0;
      for (let i = 0; i < expected.length; i++) difference = Math.max(difference, Math.abs(view.data[i] - expected[i]));
      const [before, after] = [[], []];
      for (let run = 0; run <= RUNS; run++) {
        const start = performance.now();
        const image = { width, height, data: toRgb(frame, width, height, color), name: 'frame' };
        const small = await resize(image, SIDE, SIDE);
        await plain.infer({ type: 'f32', shape: [1, SIDE, SIDE, 3], data: Float32Array.from(small.data) });
        const middle = performance.now();
        await inside.infer(frame);
        const end = performance.now();
        // The first iteration warms up.
        if (run > 0) before.push(middle - start);
        if (run > 0) after.push(end - middle);
      }
      const [outside, within] = [median(before), median(after)];
      rows.push({
        color,
        frame: `${width}x${height}`,
        'largest difference (of 255)': Number(difference.toFixed(4)),
        'outside, ms': Number(outside.toFixed(1)),
        'inside, ms': Number(within.toFixed(1)),
        'saved, ms': Number((outside - within).toFixed(1)),
      });
    }
  }
  console.table(rows);
} finally {
  core.close();
  await rm(folder, { recursive: true });
}
