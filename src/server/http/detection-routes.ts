import { setMaxListeners } from 'node:events';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DetectionResult } from '../../api/detection-result.ts';
import { DecantError } from '../../errors.ts';
import { RESULT_FORMATS, resultFormat } from '../../results/result-formats.ts';
import type { LoadedModel } from '../models/loaded-model.ts';
import type { ServedModel } from '../models/served-model.ts';
import { type AnswerType, answerType } from './answer-type.ts';
import type { ServerContext } from './context.ts';
import { decodeSentImage } from '../decode-sent-image.ts';
import { imageThread } from '../thread/image-thread.ts';
import { IMAGE_JSON, readImages, type SentImage } from './read-images.ts';
import { ERRORS, type Filters, FILTERS, MODEL_PARAMS, type ModelParams } from './schemas.ts';
import { selectionOf } from './selection.ts';

const TEXT_FORMATS = RESULT_FORMATS.filter(({ output }) => output === 'text').map(({ name }) => name);

const BINARY = { schema: {} } as const;

const SCHEMA = {
  tags: ['detection'],
  summary: 'Detect objects in an image.',
  description:
    'The body is an image file (JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP), a form with image files, or JSON with an image in base64 or a URL. The answer is the JSON of `decant detect --json`, or, if `Accept` prefers an image type, the annotated image.',
  params: MODEL_PARAMS,
  querystring: {
    type: 'object',
    properties: {
      ...FILTERS.properties,
      format: { type: 'string', enum: TEXT_FORMATS, default: 'json', description: 'Format of the detections.' },
    },
  },
  body: {
    content: {
      'application/json': { schema: IMAGE_JSON },
      'image/*': BINARY,
      'application/octet-stream': BINARY,
      'multipart/form-data': BINARY,
    },
  },
  response: ERRORS,
};

interface DetectRoute {
  Params: ModelParams;
  Querystring: Filters & { readonly format: string };
}

export function addDetectionRoutes(app: FastifyInstance, context: ServerContext): void {
  const detect = (request: FastifyRequest<DetectRoute>, reply: FastifyReply): Promise<FastifyReply> =>
    answer(context, request, reply);
  const options = { schema: SCHEMA, config: { counted: { api: 'decant', method: 'detect' } as const } };
  app.post<DetectRoute>('/v1/models/:name/detect', options, detect);
  app.post<DetectRoute>('/v1/models/:name/versions/:version/detect', options, detect);
}

async function answer(
  context: ServerContext,
  request: FastifyRequest<DetectRoute>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name, version } = request.params;
  const type = answerType(request.headers.accept);
  const served = context.models.find(name, version);
  return served.use(async model => {
    const selection = selectionOf(request.query, model.labels);
    const images = await readImages(request, context.limits, context.fetchUrl);
    // Each of them listens.
    if (images.length > 1) setMaxListeners(0, request.deadline);
    const results = await Promise.all(
      images.map(({ bytes, name: file }) => {
        const read = () => decodeSentImage(bytes, file, context.limits.imagePixels);
        return model.detect(read, selection, request.deadline);
      }),
    );
    if (type !== 'json') return sendImage(reply, type, images, results, context.limits.imagePixels);
    const { format } = request.query;
    return reply
      .type(format === 'json' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8')
      .send(textOf(format, served, model, images, results));
  });
}

function textOf(
  format: string,
  served: ServedModel,
  model: LoadedModel,
  images: readonly SentImage[],
  results: readonly DetectionResult[],
): string {
  const { device, labels, notes } = model;
  const writer = resultFormat(format).writer({ model: served.name, device, notes, labels });
  const records = results.map((result, i) => writer.write({ file: images[i]!.name, ...result }));
  return [writer.begin(), ...records, writer.end()]
    .flat()
    .map(({ text }) => text)
    .join('');
}

async function sendImage(
  reply: FastifyReply,
  format: Exclude<AnswerType, 'json'>,
  [file, ...others]: readonly SentImage[],
  [result]: readonly DetectionResult[],
  maxPixels: number,
): Promise<FastifyReply> {
  if (file === undefined || result === undefined || others.length > 0) {
    throw new DecantError('invalid-argument', 'only one image per request can be drawn on', {
      remedy: 'Send the images one by one, or accept application/json.',
    });
  }
  const drawn = await imageThread.run('draw', { ...file, maxPixels, detections: result.detections, format });
  return reply.type(`image/${format}`).send(Buffer.from(drawn.buffer, drawn.byteOffset, drawn.byteLength));
}
