import type { DetectorOptions } from '../../api/detector-options.ts';
import { checkHead } from '../../detect/heads/check-head.ts';
import { DecantError } from '../../errors.ts';
import { packagePath } from '../../platform/package-path.ts';
import { modelArgument } from '../../server/model-arguments.ts';
import type { ModelEvent } from '../../server/models/model-repository.ts';
import { DEFAULT_LIMITS, type ServerOptions } from '../../server/server-options.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { collectLessOften } from '../collect-garbage.ts';
import { endStatus, milliseconds, print, status } from '../console.ts';
import { finishOnInterrupt } from '../interrupt.ts';
import { logEvent, logStream } from './log-stream.ts';

export interface ServeCommandOptions {
  readonly models?: string;
  readonly port: number;
  readonly grpcPort?: number;
  readonly host: string;
  readonly head?: DetectorOptions['head'];
  readonly device: string;
  readonly precision: DetectorOptions['precision'];
  readonly cacheDir?: string;
  readonly offline?: boolean;
  readonly apiKey?: string;
  readonly allowHost?: readonly string[];
  readonly cors?: readonly string[];
  readonly imageHost?: readonly string[];
  readonly queue: number;
  readonly maxBatch: number;
  readonly maxRequest: number;
  readonly maxPixels: number;
  readonly timeout: number;
  readonly reload: number;
}

const PAGE = 'dist/page';

/** Ends when the server has been told to stop. */
export async function runServe(models: readonly string[], options: ServeCommandOptions): Promise<void> {
  if (models.length === 0 && options.models === undefined) {
    throw new DecantError('invalid-argument', 'there is no model to serve', {
      remedy: 'Name one or more, or a folder with --models.',
    });
  }
  if (options.head !== undefined) checkHead(options.head);
  collectLessOften();
  const server = await startServer(serverOptions(models, options), report);
  const stopped = untilInterrupted();
  try {
    await Promise.race([server.loaded.then(() => checkLoaded(server)), stopped]);
    await stopped;
  } finally {
    logEvent('stopping');
    await server.close();
  }
  process.exitCode = 0;
}

function serverOptions(models: readonly string[], options: ServeCommandOptions): ServerOptions {
  const { host, port, grpcPort, head, device, precision, cacheDir, offline, cors = [], allowHost = [] } = options;
  return {
    models: models.map(modelArgument),
    folder: options.models,
    host,
    port,
    grpcPort,
    offline,
    page: packagePath(PAGE),
    model: { device, precision, cacheDir, performanceHint: 'throughput', head },
    limits: {
      ...DEFAULT_LIMITS,
      queue: options.queue,
      batch: options.maxBatch,
      requestBytes: Math.floor(options.maxRequest * 1e6),
      totalBytes: Math.max(DEFAULT_LIMITS.totalBytes, Math.floor(options.maxRequest * 4e6)),
      imagePixels: Math.floor(options.maxPixels * 1e6),
      timeout: Math.ceil(options.timeout * 1000),
    },
    access: {
      apiKey: options.apiKey ?? keyOfEnvironment(),
      cors,
      hosts: [host, ...allowHost],
      imageHosts: options.imageHost ?? [],
    },
    reload: Math.ceil(options.reload * 1000),
    log: logStream(),
  };
}

/** An empty variable is none. */
function keyOfEnvironment(): string | undefined {
  const key = process.env['DECANT_API_KEY'];
  return key === '' ? undefined : key;
}

function report(event: ModelEvent): void {
  const { model } = event;
  const name = `${model.name}, version ${model.version}`;
  if (event.kind === 'step') {
    status(`${name}: ${event.step}`);
    return;
  }
  endStatus();
  if (event.kind === 'removed') logEvent(`${name}: no longer served`);
  else if (event.kind === 'failed') {
    const { error } = event;
    logEvent(`${name}: ${error.describe()}${error.remedy === undefined ? '' : `\n  try: ${error.remedy}`}`, true);
  } else {
    const { converted, device } = model.loaded!;
    logEvent(
      `${name}: ready on ${device}${converted === undefined ? '' : `, converted in ${milliseconds(converted)}`}`,
    );
  }
}

/** A server without any model is most likely a mistake in its command line. */
function checkLoaded({ models, url, grpcPort }: RunningServer): void {
  const [first] = models.models;
  if (first?.problem !== undefined && models.models.every(({ state }) => state === 'failed')) throw first.problem;
  print(`serving on ${url}${grpcPort === undefined ? '' : `, gRPC on port ${grpcPort}`}`);
}

const untilInterrupted = (): Promise<void> => new Promise(resolve => void finishOnInterrupt(resolve));
