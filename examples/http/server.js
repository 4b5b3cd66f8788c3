// node server.js, in a folder with model.xml (decant convert MODEL -o model.xml); PORT is 8080 by default.
// curl --data-binary @photo.jpg http://localhost:8080
import { createServer } from 'node:http';
import { DecantError, Detector } from 'decant';

const detector = await Detector.load('model.xml', { performanceHint: 'throughput' });
const isFromClient = error => error instanceof DecantError && ['bad-image', 'limit'].includes(error.code);

createServer(async (request, response) => {
  try {
    const { detections } = await detector.detect(request);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(detections));
  } catch (error) {
    response.writeHead(isFromClient(error) ? 400 : 500).end(String(error));
  }
}).listen(Number(process.env.PORT ?? 8080));
