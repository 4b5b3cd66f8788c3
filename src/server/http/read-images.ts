import type { FastifyRequest } from 'fastify';
import { DecantError } from '../../errors.ts';
import type { ServerLimits } from '../server-options.ts';
import { Refusal } from '../refusal.ts';
import type { FetchImageUrl } from './fetch-image-url.ts';

/** An image file of a request. */
export interface SentImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** JSON that holds or names an image. */
export const IMAGE_JSON = {
  type: 'object',
  additionalProperties: false,
  properties: {
    image: { type: 'string', description: 'Image file in base64, or as a data: URL.' },
    url: { type: 'string', description: 'URL of an image, if the server allows its host.' },
    name: { type: 'string', maxLength: 1000, description: 'Name of the image in the answer.' },
  },
  oneOf: [{ required: ['image'] }, { required: ['url'] }],
} as const;

type ImageJson = { readonly name?: string } & (
  { readonly image: string; readonly url?: undefined } | { readonly image?: undefined; readonly url: string }
);

/** Reads the image files of a request: its body, the files of a form, or the one that JSON holds or names. */
export async function readImages(
  request: FastifyRequest,
  limits: ServerLimits,
  fetchUrl: FetchImageUrl | undefined,
): Promise<readonly SentImage[]> {
  if (request.isMultipart()) return filesOf(request, limits).catch(explainForm);
  const { body } = request;
  if (body instanceof Uint8Array) return [{ name: 'image', bytes: body }];
  if (body === undefined || body === null) throw noImage();
  // Checked by the schema.
  return [await imageIn(body as ImageJson, request.deadline, fetchUrl)];
}

async function filesOf(request: FastifyRequest, limits: ServerLimits): Promise<readonly SentImage[]> {
  const files: SentImage[] = [];
  let bytes = 0;
  const parts = request.parts({
    limits: { fileSize: limits.requestBytes, files: limits.images, fields: 0, parts: limits.images },
  });
  for await (const part of parts) {
    if (part.type !== 'file')
      throw new DecantError('invalid-argument', `the form field '${part.fieldname}' is not a file`);
    const file = await part.toBuffer();
    bytes += file.byteLength;
    if (bytes > limits.requestBytes) {
      throw new DecantError('limit', `the files have more than ${limits.requestBytes} bytes in total`);
    }
    files.push({ name: part.filename === '' ? part.fieldname : part.filename, bytes: file });
  }
  if (files.length === 0) throw noImage();
  return files;
}

/** The parser's own errors about the content of a form have no status. */
function explainForm(cause: unknown): never {
  if (cause instanceof DecantError || !(cause instanceof Error) || 'statusCode' in cause) throw cause;
  throw new DecantError('malformed', `the form is malformed: ${cause.message}`, { cause });
}

async function imageIn(
  { image, url, name }: ImageJson,
  signal: AbortSignal,
  fetchUrl: FetchImageUrl | undefined,
): Promise<SentImage> {
  if (image !== undefined) return { name: name ?? 'image', bytes: fromBase64(image) };
  if (fetchUrl === undefined) {
    throw new Refusal(403, 'invalid-argument', 'this server fetches no images', {
      remedy: 'Send the image, or start the server with --image-host HOST.',
    });
  }
  return { name: name ?? url, bytes: await fetchUrl(url, signal) };
}

/** Accepts the alphabets for files and for URLs, and a `data:` URL. */
function fromBase64(text: string): Uint8Array {
  const data = text.replace(/^data:[\w.+-]+\/[\w.+-]+;base64,/, '').replaceAll(/[\r\n]/g, '');
  if (data !== '' && /^[\w+/-]+={0,2}$/.test(data)) return Buffer.from(data, 'base64');
  throw new DecantError('malformed', 'the image is not valid base64', { remedy: 'Send the image file in base64.' });
}

const noImage = (): DecantError =>
  new DecantError('invalid-argument', 'the request has no image', {
    remedy: 'Send an image file as the body, as a file of a form, or in JSON: {"image": "<base64>"}.',
  });
