// node detect.cjs MODEL IMAGE
const { Detector } = require('decant');

async function main([model, image]) {
  const detector = await Detector.load(model);
  const { detections } = await detector.detect(image);
  for (const { label, score, box } of detections) console.log(label, score.toFixed(2), box);
  detector.close();
}

main(process.argv.slice(2));
