import { DecantError, Detector } from 'decant';

// Loaded by the first request, not by `next build`.
let loading;

export async function POST(request) {
  try {
    const detector = await (loading ??= Detector.load('model.xml', { performanceHint: 'throughput' }));
    const { detections } = await detector.detect(request.body);
    return Response.json(detections);
  } catch (error) {
    const isFromClient = error instanceof DecantError && ['bad-image', 'limit'].includes(error.code);
    return new Response(String(error), { status: isFromClient ? 400 : 500 });
  }
}
