import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DecantError } from '../../errors.ts';
import { answerBody } from '../kserve/answer-body.ts';
import { modelMetadata, SERVER_METADATA } from '../kserve/metadata.ts';
import { parseRequest } from '../kserve/parse-request.ts';
import { rawRequest } from '../kserve/raw-request.ts';
import { runInference } from '../kserve/run-inference.ts';
import { Refusal } from '../refusal.ts';
import type { ServerContext } from './context.ts';
import { ERRORS, MODEL_PARAMS, type ModelParams } from './schemas.ts';

interface ModelRoute {
  Params: ModelParams;
}

const HEADER = 'inference-header-content-length';

const tags = ['Open Inference Protocol'];

/** The Open Inference Protocol, as KServe, Triton and OpenVINO Model Server implement it. */
export async function addKserveRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  await app.register((kserve, _, done) => {
    kserve.removeAllContentTypeParsers();
    kserve.addContentTypeParser('*', { parseAs: 'buffer' }, (__, body, parsed) => parsed(null, body));
    addStateRoutes(kserve, context);
    addInferRoutes(kserve, context);
    done();
  });
}

function addStateRoutes(app: FastifyInstance, context: ServerContext): void {
  const { models } = context;
  const get = (path: string, summary: string) => [path, { config: { open: true }, schema: { tags, summary } }] as const;
  app.get(...get('/v2/health/live', 'Is the server running?'), () => ({ live: true }));
  app.get(...get('/v2/health/ready', 'Can the server answer?'), (_, reply) => {
    const ready = models.isReady && context.isOpen();
    return reply.code(ready ? 200 : 503).send({ ready });
  });
  app.get('/v2', { schema: { tags, summary: 'Describe the server.', response: ERRORS } }, () => SERVER_METADATA);

  const schema = { tags, params: MODEL_PARAMS, response: ERRORS };
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    const described = {
      schema: { ...schema, summary: 'Describe a model.' },
      config: { counted: counted('ModelMetadata') },
    };
    app.get<ModelRoute>(path, described, ({ params: { name, version } }) => {
      const versions = version === undefined ? models.versionsOf(name) : [version];
      // eslint-disable-next-line @typescript-eslint/require-await
      return models.find(name, version).use(async model => modelMetadata(name, versions, model));
    });
    const asked = {
      schema: { tags, params: MODEL_PARAMS, summary: 'Can a model answer?' },
      config: { counted: counted('ModelReady') },
    };
    app.get<ModelRoute>(`${path}/ready`, asked, ({ params: { name, version } }, reply) => {
      const ready = models.find(name, version).state === 'ready';
      return reply.code(ready ? 200 : 503).send({ name, ready });
    });
  }
}

const counted = (method: string): { readonly api: 'KServe'; readonly method: string } => ({ api: 'KServe', method });

function addInferRoutes(app: FastifyInstance, context: ServerContext): void {
  const options = {
    schema: {
      tags,
      summary: 'Run a model on tensors.',
      description:
        'JSON, or JSON and binary data with its length as Inference-Header-Content-Length. Image files (BYTES) for the input of a detector are decoded, and resized to it.',
      params: MODEL_PARAMS,
      response: ERRORS,
    },
    config: { counted: counted('ModelInfer'), decodes: true },
  };
  const infer = (request: FastifyRequest<ModelRoute>, reply: FastifyReply): Promise<FastifyReply> =>
    answer(context, request, reply);
  app.post<ModelRoute>('/v2/models/:name/infer', options, infer);
  app.post<ModelRoute>('/v2/models/:name/versions/:version/infer', options, infer);
}

async function answer(
  { models, limits }: ServerContext,
  { params, headers, body: received, deadline }: FastifyRequest<ModelRoute>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const served = models.find(params.name, params.version);
  return served.use(async model => {
    const body = await decompressed(received, headers['content-encoding'], limits.requestBytes);
    const jsonLength = lengthIn(headers[HEADER]);
    const request = jsonLength === 0 ? rawRequest(model, body) : parseRequest(body, jsonLength);
    const results = await runInference(model, request, { ...limits, signal: deadline });
    const { bytes, jsonLength: length } = answerBody(served, request, results);
    if (length === undefined) return reply.type('application/json').send(bytes);
    return reply.type('application/octet-stream').header(HEADER, length).send(bytes);
  });
}

function lengthIn(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw new DecantError('invalid-argument', 'Inference-Header-Content-Length is not a whole number');
}

const DECODERS: Readonly<Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>> =
  {
    gzip: promisify(gunzip),
    deflate: promisify(inflate),
  };

async function decompressed(body: unknown, encoding = 'identity', maxBytes = Infinity): Promise<Uint8Array> {
  if (!(body instanceof Uint8Array)) throw new DecantError('invalid-argument', 'the request is empty');
  if (encoding === 'identity') return body;
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined) throw new Refusal(415, 'unsupported', `this server does not decode '${encoding}'`);
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new DecantError('limit', `the request has more than ${maxBytes} bytes`, { cause });
    throw new DecantError('malformed', `the request is not valid ${encoding}`, { cause });
  }
}
