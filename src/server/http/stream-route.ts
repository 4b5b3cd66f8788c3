import type { FastifyInstance } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import type { ServerContext } from './context.ts';
import { FrameStream } from './frame-stream.ts';
import { MODEL_PARAMS, type ModelParams } from './schemas.ts';
import { regionsOf, STREAM_QUERY, type StreamQuery } from './stream-query.ts';
import { unavailable } from '../refusal.ts';

/** Milliseconds between pings; a client that does not answer one is gone. */
const PING = 30_000;

interface StreamRoute {
  Params: ModelParams;
  Querystring: StreamQuery;
}

const SCHEMA = {
  tags: ['detection'],
  summary: 'Detect objects in a stream of frames, by WebSocket.',
  description:
    'Each binary message is an image file. The answer to a frame is a text message with `frame` (its number, from 1), `width`, `height`, `ms` and `detections`, or `error`. While a frame is being processed, only the newest of those that arrive is kept. With `track=1`, a `line` or a `zone`, objects have a `trackId`, and `tracks` has the `crossings` of the frame and the `counts` so far.',
  params: MODEL_PARAMS,
  querystring: STREAM_QUERY,
} as const;

export function addStreamRoute(app: FastifyInstance, context: ServerContext): void {
  const { models, limits, metrics } = context;
  const streams = new Set<WebSocket>();
  app.addHook('preClose', done => {
    for (const socket of streams) socket.close(1001, 'the server is shutting down');
    done();
  });
  app.addHook('onResponse', ({ headers, raw: { socket } }, reply, done) => {
    // A refused upgrade leaves a socket that nobody reads.
    if (headers.upgrade !== undefined && reply.statusCode >= 400) socket.destroySoon();
    done();
  });
  const options = {
    websocket: true,
    schema: SCHEMA,
    // Afterwards, the connection is a WebSocket, and cannot be refused with a status.
    preHandler: (
      { params, query }: { readonly params: unknown; readonly query: unknown },
      _: unknown,
      done: (error?: Error) => void,
    ) => {
      const { name, version } = params as ModelParams;
      models.find(name, version);
      regionsOf(query as StreamQuery);
      done(streams.size < limits.streams ? undefined : unavailable('the server has too many streams'));
    },
  } as const;
  app.get<StreamRoute>('/v1/models/:name/stream', options, (socket, request) => {
    const { name, version } = request.params;
    const served = models.find(name, version);
    const ended = metrics.countStream(served);
    streams.add(socket);
    const since = performance.now();
    let isAlive = true;
    const timer = setInterval(() => {
      if (!isAlive) socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING);
    socket.on('pong', () => (isAlive = true));
    const stream = new FrameStream(socket, served, request.query, limits);
    socket.on('message', (data, isBinary) => stream.receive(data, isBinary));
    socket.on('error', error => request.log.info(error.message));
    socket.on('close', () => {
      clearInterval(timer);
      streams.delete(socket);
      stream.close();
      ended();
      request.log.info({ req: request, responseTime: performance.now() - since }, 'the stream has ended');
    });
  });
}
