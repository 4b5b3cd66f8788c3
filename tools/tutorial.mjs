// Follows OpenVINO's tutorial "Convert a TensorFlow Object Detection Model to OpenVINO" and checks the results against
// those printed in the tutorial. Usage: npm run tutorial. Without a network, a local server provides a model of the same
// architecture with seeded weights, and the results are checked against TensorFlow's.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  convertModel,
  Core,
  Detector,
  downloadModel,
  drawDetections,
  readImage,
  resize,
  saveModel,
  toTensor,
} from '../dist/index.js';
import { fetchImage, matchDetections } from '../dist/internals.js';
import { loadModule } from './load-module.mjs';

const NAME = 'faster_rcnn_resnet50_v1_640x640';
const KAGGLE = 'https://www.kaggle.com';
const MODEL =
  '/models/tensorflow/faster-rcnn-resnet-v1/frameworks/tensorFlow2/variations/faster-rcnn-resnet50-v1-640x640/versions/1?tf-hub-format=compressed';
const STORAGE = 'https://storage.openvinotoolkit.org';
const IMAGE = '/repositories/openvino_notebooks/data/data/image/coco_bike.jpg';

// The tutorial's output for this model and image, in f32.
const KNOWN = {
  scores: [0.98100936, 0.94071937, 0.932054, 0.87772274, 0.84029174, 0.5898775],
  classes: [18, 2, 2, 3, 2, 8],
  box: [0.16447833, 0.5460326, 0.89537144, 0.8550827],
  count: 300,
};
// The tutorial decodes and resizes the image with other libraries, which sometimes round a pixel differently.
const SCORE_ERROR = 0.01;
const EDGE_ERROR = 0.005;

const ROOT = join(import.meta.dirname, '..', 'tmp', 'tutorial');
const step = text => console.log(`\n== ${text}`);
const short = (values, count = 8) => Array.from(values.slice(0, count), value => Number(value.toFixed(6))).join(' ');

function progress({ phase, done, total }) {
  if (phase !== 'download' || !process.stdout.isTTY) return;
  process.stdout.write(`\r${(done / 1e6).toFixed(1)} of ${total === undefined ? '?' : (total / 1e6).toFixed(1)} MB `);
  if (done === total) process.stdout.write('\n');
}

/** Returns the model's archive, and the server to download the image from. */
async function download(folder) {
  try {
    const options = { folder: join(folder, 'tf'), retries: 1, timeout: 15_000, onProgress: progress };
    return { archive: await downloadModel(KAGGLE + MODEL, options), imageServer: STORAGE };
  } catch (error) {
    if (error.code !== 'network') throw error;
    console.log(`No network (${error.message}).`);
    console.log('Using a local server with a model of the same architecture with seeded weights, and an image.');
  }
  const { startLocalServer } = await loadModule(join(import.meta.dirname, 'tutorial', 'local-server.ts'));
  const local = join(ROOT, 'local');
  rmSync(local, { recursive: true, force: true });
  mkdirSync(local, { recursive: true });
  const server = await startLocalServer(NAME, local);
  const archive = await downloadModel(server.url + MODEL, { folder: join(local, 'tf'), onProgress: progress });
  return { archive, imageServer: server.url, server };
}

/** Returns the deviations from the expected results as messages. */
function wrongAgainst({ scores, classes, box, count }, found) {
  const near = (a, b, most) => a.every((value, i) => Math.abs(value - b[i]) <= most);
  return [
    [found.count === count, `num_detections is ${found.count}, not ${count}`],
    [near(scores, found.scores, SCORE_ERROR), `scores are ${short(found.scores)}, not ${short(scores)}`],
    [near(classes, found.classes, 0), `classes are ${short(found.classes)}, not ${short(classes)}`],
    [near(box, found.boxes, EDGE_ERROR), `the first box is ${short(found.boxes, 4)}, not ${short(box)}`],
  ].flatMap(([right, text]) => (right ? [] : [text]));
}

function wrongAgainstTensorFlow({ outputs }, found) {
  const of = name => outputs[`detection_${name}`].values;
  const expected = {
    boxes: of('boxes'),
    scores: of('scores'),
    classes: of('classes'),
    count: outputs.num_detections.values[0],
  };
  const { length } = matchDetections(expected, found);
  console.log(`${length} of TensorFlow's ${expected.count} detections matched`);
  return length === expected.count ? [] : [`${expected.count - length} detections do not match`];
}

const folder = join(ROOT, 'od-model');
const irPath = join(folder, 'ir', `${NAME}.xml`);
const imagePath = join(ROOT, 'data', 'coco_bike.jpg');
mkdirSync(join(ROOT, 'data'), { recursive: true });

step('Download the model');
const { archive, imageServer, server } = await download(folder);
console.log(`${archive.path}, ${archive.bytes} bytes${archive.cached ? ', cached' : ''}`);

step('Convert the model to OpenVINO IR and save it');
const start = performance.now();
const saved = await saveModel(await convertModel(archive.path, { compressToFp16: false }), irPath);
console.log(`${saved.xml} and .bin, ${saved.binBytes} bytes, in ${((performance.now() - start) / 1000).toFixed(1)} s`);

step('Select a device and load the model');
const core = new Core();
console.log(`devices: ${[...core.getAvailableDevices(), 'AUTO'].join(', ')}; using AUTO`);
const compiled = await core.compileModel(await core.readModel(irPath), 'AUTO', { INFERENCE_PRECISION_HINT: 'f32' });
console.log('Model inputs count:', compiled.inputs.length);
console.log('Model input:', String(compiled.input(0)));
console.log('Model outputs count:', compiled.outputs.length);
console.log('Model outputs:');
for (const output of compiled.outputs) console.log('  ', String(output));

step('Load an image and run inference');
writeFileSync(imagePath, await fetchImage(imageServer + IMAGE));
const image = await readImage(imagePath);
const resized = await resize(image, 255, 255, { antialias: false });
const result = await compiled.createInferRequest().inferAsync([toTensor(resized, 'u8')]);
const found = {
  boxes: result.detection_boxes.data,
  classes: result.detection_classes.data,
  scores: result.detection_scores.data,
  count: result.num_detections.data[0],
};
console.log('image_detection_boxes:', short(found.boxes));
console.log('image_detection_classes:', short(found.classes));
console.log('image_detection_scores:', short(found.scores));
console.log('image_detections_num:', found.count);

step('Draw the boxes');
const detector = await Detector.load(irPath, { core });
const { detections } = await detector.detect(resized, {
  threshold: server === undefined ? 0.3 : 0.01,
  maxDetections: 20,
});
for (const { label, score } of detections.slice(0, 8)) console.log(`  ${label} ${score.toFixed(3)}`);
const drawn = join(ROOT, 'detected.png');
const across = { x: image.width / resized.width, y: image.height / resized.height };
const boxes = detections.map(({ box, ...rest }) => ({
  ...rest,
  box: { xmin: box.xmin * across.x, xmax: box.xmax * across.x, ymin: box.ymin * across.y, ymax: box.ymax * across.y },
}));
writeFileSync(drawn, await drawDetections(image, boxes));
console.log(`saved ${drawn}`);

step('Check the results');
const wrong = server === undefined ? wrongAgainst(KNOWN, found) : wrongAgainstTensorFlow(server.golden, found);
for (const text of wrong) console.log(`WRONG: ${text}`);
if (wrong.length === 0) console.log(server === undefined ? 'same as in the tutorial' : 'same as TensorFlow');
core.close();
server?.close();
process.exitCode = wrong.length === 0 ? 0 : 1;
