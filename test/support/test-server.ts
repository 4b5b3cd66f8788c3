import {
  DEFAULT_LIMITS,
  type ServerAccess,
  type ServerLimits,
  type ServerOptions,
} from '../../src/server/server-options.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';
import { core } from './openvino.ts';

export interface TestServerOptions extends Partial<Omit<ServerOptions, 'limits' | 'access'>> {
  readonly limits?: Partial<ServerLimits>;
  readonly access?: Partial<ServerAccess>;
}

/** Starts a server on any port of this machine, and waits until its models are loaded. The caller closes it. */
export async function testServer({ limits, access, ...options }: TestServerOptions): Promise<RunningServer> {
  const server = await startServer({
    library: core.library,
    models: [],
    host: '127.0.0.1',
    port: 0,
    model: { device: 'CPU', performanceHint: 'throughput' },
    reload: 0,
    log: { write: () => undefined },
    ...options,
    limits: { ...DEFAULT_LIMITS, ...limits },
    access: { cors: [], hosts: [], imageHosts: [], ...access },
  });
  await server.loaded;
  return server;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Sends a request; `json` is undefined if the answer is something else. */
export async function ask(server: RunningServer, path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const json = isJson ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : undefined;
  return { status: response.status, headers: response.headers, text, json };
}

export const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Readonly<Record<string, string>> = {},
): RequestInit => ({
  method: 'POST',
  body,
  headers,
});
