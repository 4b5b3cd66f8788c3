import type { DetectorOptions } from '../api/detector-options.ts';

/** Limits that keep a server within its memory and time. */
export interface ServerLimits {
  /** Bytes of one request, or of one message of a stream. */
  readonly requestBytes: number;
  /** Bytes of all requests that are being received or answered. */
  readonly totalBytes: number;
  /** Pixels of one image. */
  readonly imagePixels: number;
  /** Images of one request. */
  readonly images: number;
  /** Requests per model that wait while others run. */
  readonly queue: number;
  /** Requests that run as one inference, if the model has a batch; 1 for none. */
  readonly batch: number;
  /** Milliseconds from the first byte of a request to the end of its answer. */
  readonly timeout: number;
  /** Open streams of frames. */
  readonly streams: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  requestBytes: 32 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
  // A photo of 8000 x 8000; 200 MB once decoded.
  imagePixels: 2 ** 26,
  images: 16,
  queue: 64,
  batch: 8,
  timeout: 30_000,
  streams: 64,
};

/** Who may use a server. */
export interface ServerAccess {
  /** Clients must send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`. */
  readonly apiKey?: string | undefined;
  /** Origins whose web pages may read answers, such as `https://example.com`; `*` for all. */
  readonly cors: readonly string[];
  /** Names of this server in the Host header, besides addresses and `localhost`; `*` for all. */
  readonly hosts: readonly string[];
  /** Hosts whose images may be fetched by URL: `example.com`, `*.example.com`, `example.com:8443`. */
  readonly imageHosts: readonly string[];
}

export interface ServedModelOptions extends Pick<
  DetectorOptions,
  'device' | 'precision' | 'performanceHint' | 'cacheDir' | 'config' | 'convert' | 'head'
> {
  readonly device: string;
}

export interface ServerOptions {
  /** Models by name; `path` is a path, name or URL. */
  readonly models: readonly { readonly name: string; readonly path: string }[];
  /** Folder with `NAME/VERSION/model.xml`. */
  readonly folder?: string | undefined;
  readonly host: string;
  readonly port: number;
  /** No gRPC without it. */
  readonly grpcPort?: number | undefined;
  readonly model: ServedModelOptions;
  readonly limits: ServerLimits;
  readonly access: ServerAccess;
  /** Path of OpenVINO's C library; searched for by default. */
  readonly library?: string | undefined;
  /** Folder of a web page, served at `/`. */
  readonly page?: string | undefined;
  /** Milliseconds between looks at the files of the models; 0 never looks. */
  readonly reload: number;
  readonly offline?: boolean | undefined;
  /** Receives one line of JSON per event. */
  readonly log: { write(line: string): void };
}
