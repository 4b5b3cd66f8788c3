import { type AddressInfo, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DecantError } from '../errors.ts';
import type { GrpcServer } from './grpc/grpc-server.ts';
import { keyChecker } from './guards/api-key.ts';
import { httpServer } from './http/http-server.ts';
import { imageUrlFetcher } from './http/fetch-image-url.ts';
import type { ServerContext } from './http/context.ts';
import { Metrics } from './metrics.ts';
import { type ModelEvent, ModelRepository } from './models/model-repository.ts';
import { watchModels, type Watch } from './models/watch-models.ts';
import type { ServerOptions } from './server-options.ts';
import { imageThread } from './thread/image-thread.ts';

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  readonly grpcPort: number | undefined;
  readonly models: ModelRepository;
  /** Ends when each model is loaded, or has failed to load. */
  readonly loaded: Promise<void>;
  /** Lets requests in progress end, and frees the models. */
  close(): Promise<void>;
}

/**
 * Starts to listen, and then to load the models. While a model is loading, requests for it are answered with status 503.
 *
 * @throws DecantError `invalid-argument` for wrong names, `io` if it cannot listen, `runtime-missing` without OpenVINO
 */
export async function startServer(
  options: ServerOptions,
  onEvent: (event: ModelEvent) => void = () => undefined,
): Promise<RunningServer> {
  const { limits, access } = options;
  const metrics = new Metrics(() => models);
  const models = new ModelRepository(options, {
    onEvent,
    onInference: (model, inference) => metrics.countInference(model, inference),
  });
  let isOpen = true;
  const context: ServerContext = {
    models,
    metrics,
    limits,
    fetchUrl:
      access.imageHosts.length === 0
        ? undefined
        : imageUrlFetcher({ hosts: access.imageHosts, maxBytes: limits.requestBytes }),
    isOpen: () => isOpen,
  };
  const app = await httpServer(context, options);
  let grpc: GrpcServer | undefined;
  try {
    await listen(app, options);
    grpc = await listenForGrpc(context, options);
  } catch (thrown) {
    await app.close();
    models.close();
    throw thrown;
  }
  let watch: Watch | undefined;
  const loaded = models.load().then(() => {
    if (isOpen) watch = watchModels(models, options.reload, error => app.log.warn(error.describe()));
  });
  // The caller may not wait for it.
  loaded.catch(() => undefined);
  return {
    url: urlOf(app, options.host),
    grpcPort: grpc?.port,
    models,
    loaded,
    async close() {
      isOpen = false;
      await watch?.stop();
      await Promise.all([closeHttp(app, limits.timeout), grpc?.close()]);
      imageThread[Symbol.dispose]();
      models.close();
    },
  };
}

/** Milliseconds between looks for connections that have become idle. */
const LOOK_FOR_IDLE = 50;

/** Lets requests in progress end, for up to `timeout` milliseconds; their connections would stay open for more. */
async function closeHttp(app: FastifyInstance, timeout: number): Promise<void> {
  const { server } = app;
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE);
  const late = setTimeout(() => server.closeAllConnections(), timeout);
  await app.close();
  clearInterval(idle);
  clearTimeout(late);
}

/** gRPC is loaded only if it is used. */
async function listenForGrpc(
  context: ServerContext,
  { host, grpcPort, access }: ServerOptions,
): Promise<GrpcServer | undefined> {
  if (grpcPort === undefined) return undefined;
  const { grpcServer } = await import('./grpc/grpc-server.ts');
  return grpcServer(context, { host, port: grpcPort }, keyChecker(access.apiKey));
}

async function listen(app: FastifyInstance, { host, port }: ServerOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DecantError('io', `cannot listen on ${host}, port ${port}: ${reason}`, {
      remedy: 'Choose another address with --host and --port.',
      cause,
    });
  }
}

function urlOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
