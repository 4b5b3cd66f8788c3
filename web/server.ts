import type { Detection } from '../src/detect/detection.ts';
import type { RunLengths } from '../src/detect/run-length.ts';
import type { Point } from '../src/track/regions.ts';
import type { ModelInformation } from '../src/server/models/model-information.ts';

export interface Device {
  readonly device: string;
  readonly name: string;
}

/** A detection as JSON; in a stream, with the way that the object has come. */
export interface FoundDetection extends Omit<Detection, 'mask'> {
  readonly mask?: RunLengths;
  readonly path?: readonly Point[];
}

/** What a model found in an image; `ms` are the milliseconds of each step. */
export interface Found {
  readonly width: number;
  readonly height: number;
  readonly ms: Readonly<Record<string, number>>;
  readonly detections: readonly FoundDetection[];
}

interface ErrorAnswer {
  readonly error?: string;
  readonly remedy?: string;
}

/** Where the API key is kept until the tab is closed. */
const KEY = 'decant.key';

/** Lowest score that is asked for: the slider selects among what comes. */
export const LOWEST_SCORE = 0.05;

const QUERY = `threshold=${LOWEST_SCORE}`;

/** An answer with an error status; `isKeyWrong` if the server wants an API key. */
export class ServerError extends Error {
  readonly isKeyWrong: boolean;

  constructor(message: string, isKeyWrong: boolean) {
    super(message);
    this.isKeyWrong = isKeyWrong;
  }
}

const keyOf = (): string => sessionStorage.getItem(KEY) ?? '';

export const setKey = (key: string): void => sessionStorage.setItem(KEY, key);

/** @throws ServerError for an error status */
async function request(path: string, init: RequestInit = {}): Promise<unknown> {
  const key = keyOf();
  const headers = new Headers(init.headers);
  if (key !== '') headers.set('x-api-key', key);
  const response = await fetch(path, { ...init, headers });
  const answer = (await response.json().catch(() => ({}))) as unknown;
  if (response.ok) return answer;
  const { error = `the server answered with status ${response.status}`, remedy } = answer as ErrorAnswer;
  throw new ServerError(remedy === undefined ? error : `${error}. ${remedy}`, response.status === 401);
}

const pathOf = (model: string): string => `v1/models/${encodeURIComponent(model)}`;

export const getDevices = async (): Promise<readonly Device[]> =>
  ((await request('v1/devices')) as { readonly devices: readonly Device[] }).devices;

/** Returns the newest version of each model. */
export async function getModels(): Promise<readonly ModelInformation[]> {
  const { models } = (await request('v1/models')) as { readonly models: readonly ModelInformation[] };
  const newest = new Map<string, ModelInformation>();
  for (const model of models) {
    const other = newest.get(model.name);
    if (other === undefined || Number(model.version) > Number(other.version)) newest.set(model.name, model);
  }
  return [...newest.values()];
}

/** Compiles a model for a device, which may take minutes. */
export const setDevice = (model: string, device: string): Promise<unknown> =>
  request(`${pathOf(model)}/device`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device }),
  });

export async function detect(model: string, image: Blob, signal: AbortSignal): Promise<Found> {
  const answer = await request(`${pathOf(model)}/detect?${QUERY}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: image,
    signal,
  });
  return (answer as { readonly images: readonly [Found] }).images[0];
}

/** Lowest score in a stream, from which objects are followed: those of lower scores come and go. */
const LOWEST_LIVE = 0.2;

/** Opens a stream of frames, in which objects are followed; the API key is a protocol, because a page can set no headers here. */
export function openStream(model: string): WebSocket {
  const url = new URL(`${pathOf(model)}/stream?threshold=${LOWEST_LIVE}&track=1`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const key = keyOf();
  return new WebSocket(url, ['decant', ...(key === '' ? [] : [`decant.key.${toBase64Url(key)}`])]);
}

const toBase64Url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
