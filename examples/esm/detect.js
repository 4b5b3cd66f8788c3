// node detect.js MODEL IMAGE; also with Bun (bun detect.js) and Deno (deno run -A detect.js)
import { Detector } from 'decant';

const [model, image] = process.argv.slice(2);
const detector = await Detector.load(model);
const { detections } = await detector.detect(image);
for (const { label, score, box } of detections) console.log(label, score.toFixed(2), box);
detector.close();
