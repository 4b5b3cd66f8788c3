import { createHash } from 'node:crypto';
import { DecantError } from '../errors.ts';
import { AS_ARCHIVE, findZooModel, nearestZooNames, ZOO_MODELS } from './zoo.ts';

export interface ModelAddress {
  readonly url: URL;
  /** File name, valid on every system: `efficientdet_d0.tar.gz`. */
  readonly file: string;
  /** Name in the cache, unique per URL. */
  readonly folder: string;
}

/** Sites that show a page about a model unless the query asks for the model itself. */
const HUBS = /^(?:tfhub\.dev|(?:www\.)?kaggle\.com)$/;

const GENERIC_NAME = /^(?:model\.json|saved_model\.pb|frozen_inference_graph\.pb)$/;

const ENDING = /(?:\.tar)?\.\w+$/;

export function addressOf(nameOrUrl: string): ModelAddress | undefined {
  const known = findZooModel(nameOrUrl);
  if (known !== undefined) return toAddress(new URL(known.url), `${known.name}.tar.gz`);
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(nameOrUrl)) return undefined;
  const url = toUrl(nameOrUrl);
  if (!HUBS.test(url.hostname)) return toAddress(url, nameIn(url));
  if (!/(?:^|&)tf(?:-hub|js)-format=/.test(url.search.slice(1))) {
    url.search = url.search === '' ? AS_ARCHIVE : `${url.search}&${AS_ARCHIVE}`;
  }
  const listed = ZOO_MODELS.find(model => model.url === url.href);
  return toAddress(url, `${listed?.name ?? nameIn(url)}.tar.gz`);
}

export function unknownModel(name: string): DecantError {
  const near = nearestZooNames(name);
  return new DecantError('not-found', `'${name}' is not a known model`, {
    remedy: near.length > 0 ? `Did you mean ${near.join(', or ')}?` : 'See `decant download --list`, or use a URL.',
  });
}

function toUrl(text: string): URL {
  if (!URL.canParse(text)) throw new DecantError('invalid-argument', `'${text}' is not a valid URL`);
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new DecantError('invalid-argument', `'${text}' is not an HTTP(S) URL`, {
    remedy: 'Download the model with another program, and pass its path.',
  });
}

function nameIn(url: URL): string {
  const parts = url.pathname.split('/').filter(part => part !== '');
  while (parts.length > 1 && /^(?:\d+|versions)$/.test(parts.at(-1)!)) parts.pop();
  return safeName(parts.at(-1) ?? '');
}

const MAX_NAME_LENGTH = 100;

function safeName(text: string): string {
  const name = decoded(text)
    .replaceAll(/[^\w.@+-]+/g, '_')
    .replace(/^[.-]+/, '');
  return name === '' ? 'model' : name.slice(-MAX_NAME_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toAddress(url: URL, file: string): ModelAddress {
  const [parent = 'model'] = url.pathname.split('/').slice(-2);
  const title = GENERIC_NAME.test(file) ? safeName(parent) : file.replace(ENDING, '');
  const hash = createHash('sha256').update(url.href).digest('hex').slice(0, 8);
  return { url, file, folder: `${title}-${hash}` };
}
