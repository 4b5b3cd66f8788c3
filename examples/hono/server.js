// node server.js, in a folder with model.xml (decant convert MODEL -o model.xml); PORT is 8080 by default.
// curl --data-binary @photo.jpg http://localhost:8080/detect
import { serve } from '@hono/node-server';
import { DecantError, Detector } from 'decant';
import { Hono } from 'hono';

const detector = await Detector.load('model.xml', { performanceHint: 'throughput' });

const app = new Hono();
app.post('/detect', async context => {
  const { detections } = await detector.detect(context.req.raw.body);
  return context.json(detections);
});
app.onError((error, context) => {
  const isFromClient = error instanceof DecantError && ['bad-image', 'limit'].includes(error.code);
  return context.text(String(error), isFromClient ? 400 : 500);
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8080) });
