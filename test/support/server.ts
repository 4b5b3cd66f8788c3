import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export type Handler = (request: IncomingMessage, response: ServerResponse, n: number) => void;

export interface Server {
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly range: string | undefined }[];
}

/** Starts an HTTP server for the duration of a test. Its handler receives the number of each request, from 0. */
export async function serve(handler: Handler): Promise<Server> {
  const requests: { path: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', range: request.headers.range });
    // The client or the handler may close the connection at any time.
    response.on('error', () => undefined);
    handler(request, response, requests.length - 1);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export const archive = (bytes = 300_000): Buffer => gzipSync(randomBytes(bytes));

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const etagOf = (bytes: Uint8Array): string => `"${sha256(bytes).slice(0, 16)}"`;

/** Serves a file with support for Range and If-Range; closes the connection after byte `until`. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  headers: Readonly<Record<string, string>> = { etag: etagOf(bytes) },
  until = bytes.byteLength,
): void {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const validator = request.headers['if-range'];
  const fresh = validator === undefined || Object.values(headers).includes(String(validator));
  const from = start !== undefined && fresh ? Number(start) : 0;
  if (from >= bytes.byteLength) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end();
    return;
  }
  const length = { ...headers, 'content-length': bytes.byteLength - from };
  const range = { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...length, ...range } : length);
  if (until >= bytes.byteLength) response.end(bytes.subarray(from));
  else response.write(bytes.subarray(from, until), () => request.socket.end());
}

/** Stalls the first response after `until` bytes; serves later requests completely. */
export const stalling =
  (bytes: Buffer, until: number): Handler =>
  (request, response, n) => {
    if (n > 0) {
      sendFile(request, response, bytes);
      return;
    }
    response.writeHead(200, { 'content-length': bytes.byteLength, etag: etagOf(bytes) });
    response.write(bytes.subarray(0, until));
  };
