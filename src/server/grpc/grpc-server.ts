import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { asDecantError, DecantError } from '../../errors.ts';
import { Deadline } from '../deadline.ts';
import { bearerKey, type CheckKey } from '../guards/api-key.ts';
import { packagePath } from '../../platform/package-path.ts';
import type { ServerContext } from '../http/context.ts';
import { grpcError } from './grpc-error.ts';
import type { ModelInferRequest, ModelRequest } from './messages.ts';
import {
  type Method,
  modelInfer,
  modelMetadataOf,
  modelReady,
  serverLive,
  serverMetadata,
  serverReady,
} from './methods.ts';

const PROTO = 'proto/open-inference.proto';

/** Metadata and field numbers come on top of the tensors of a request. */
const MESSAGE_OVERHEAD = 2 ** 16;

/** A gRPC server that listens. */
export interface GrpcServer {
  readonly port: number;
  /** Lets requests in progress end. */
  close(): Promise<void>;
}

/** Serves the Open Inference Protocol over gRPC. @throws DecantError `io` if it cannot listen */
export async function grpcServer(
  context: ServerContext,
  { host, port }: { readonly host: string; readonly port: number },
  checkKey: CheckKey,
): Promise<GrpcServer> {
  const { limits } = context;
  const definition = await load(packagePath(PROTO), { keepCase: true, longs: String, defaults: true });
  const server = new Server({
    'grpc.max_receive_message_length': limits.requestBytes + MESSAGE_OVERHEAD,
    'grpc.max_send_message_length': -1,
  });
  const open = <Q, R>(method: Method<Q, R>): handleUnaryCall<Q, R> => unary(method, limits.timeout);
  const guarded = <Q, R>(method: Method<Q, R>): handleUnaryCall<Q, R> => unary(method, limits.timeout, checkKey);
  const modelOf = (request: ModelInferRequest): ModelRequest => ({
    name: request.model_name,
    version: request.model_version,
  });
  const methods: UntypedServiceImplementation = {
    ServerLive: open(serverLive),
    ServerReady: open(serverReady(context)),
    ServerMetadata: guarded(serverMetadata),
    ModelReady: guarded(modelReady(context)),
    ModelMetadata: guarded(counted(context, 'ModelMetadata', request => request, modelMetadataOf(context))),
    ModelInfer: guarded(counted(context, 'ModelInfer', modelOf, modelInfer(context))),
  };
  server.addService(definition['inference.GRPCInferenceService'] as ServiceDefinition, methods);
  const bound = await bind(server, `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return { port: bound, close: () => shutDown(server, limits.timeout) };
}

/** Returns the handler of a method: it checks the key, has a deadline, and answers with errors of gRPC. */
function unary<Q, R>(method: Method<Q, R>, timeout: number, checkKey?: CheckKey): handleUnaryCall<Q, R> {
  const run = async (call: ServerUnaryCall<Q, R>): Promise<R> => {
    checkKey?.(keyOf(call));
    using deadline = new Deadline(timeout);
    call.on('cancelled', () => deadline.abort(new DecantError('cancelled', 'the client has cancelled the request')));
    return await method(call.request, deadline.signal);
  };
  return (call, answer) => {
    run(call).then(
      response => answer(null, response),
      (thrown: unknown) => answer(grpcError(asDecantError(thrown))),
    );
  };
}

function keyOf({ metadata }: ServerUnaryCall<unknown, unknown>): string | undefined {
  const text = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  return bearerKey(text('authorization')) ?? text('x-api-key');
}

function counted<Q, R>(
  { models, metrics }: ServerContext,
  name: string,
  modelOf: (request: Q) => ModelRequest,
  method: Method<Q, R>,
): Method<Q, R> {
  return async (request, signal) => {
    const start = performance.now();
    let ok = false;
    try {
      const response = await method(request, signal);
      ok = true;
      return response;
    } finally {
      const kind = { api: 'KServe', interface: 'gRPC', method: name } as const;
      metrics.countRequest({ ...kind, ...models.labelsOf(modelOf(request)) }, ok, performance.now() - start);
    }
  };
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (cause, port) => {
      if (cause === null) {
        resolve(port);
        return;
      }
      const remedy = 'Choose another port with --grpc-port.';
      reject(new DecantError('io', `cannot listen on ${address} for gRPC: ${cause.message}`, { cause, remedy }));
    });
  });
}

/** Connections of clients that do not answer are closed after `timeout` milliseconds. */
function shutDown(server: Server, timeout: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => server.forceShutdown(), timeout);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
