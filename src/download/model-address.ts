import { createHash } from 'node:crypto';
import { DecantError } from '../errors.ts';
import { AS_ARCHIVE, findZooModel, nearestZooNames, ZOO_MODELS } from './zoo.ts';

/** Where a model comes from, and what it is called here. */
export interface ModelAddress {
  readonly url: URL;
  /** The name of the file, safe on every system: `efficientdet_d0.tar.gz`. */
  readonly file: string;
  /** The name of a folder of its own: no two addresses have the same one. */
  readonly folder: string;
}

/** Sites that show a page about a model, and give the model itself where the query asks for it. */
const HUBS = /^(?:tfhub\.dev|(?:www\.)?kaggle\.com)$/;

/** Files of formats that give them the same name in every model. */
const SAYS_NOTHING = /^(?:model\.json|saved_model\.pb|frozen_inference_graph\.pb)$/;

const ENDING = /(?:\.tar)?\.\w+$/;

/**
 * The address of a model of the zoo, or of an http or https URL; undefined for a text that is neither.
 *
 * @throws DecantError `invalid-argument` for a URL that is broken or of another kind
 */
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

/** Neither a known name nor a URL. */
export function unknownModel(name: string): DecantError {
  const near = nearestZooNames(name);
  return new DecantError('not-found', `there is no model '${name}' to download`, {
    remedy: near.length > 0 ? `Did you mean ${near.join(', or ')}?` : 'See `decant download --list`, or give a URL.',
  });
}

function toUrl(text: string): URL {
  if (!URL.canParse(text)) throw new DecantError('invalid-argument', `'${text}' is not a valid URL`);
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new DecantError('invalid-argument', `'${text}' is no http or https URL`, {
    remedy: 'Download the model with another program, and give the path.',
  });
}

/** The last part of a path that is no number of a version. */
function nameIn(url: URL): string {
  const parts = url.pathname.split('/').filter(part => part !== '');
  while (parts.length > 1 && /^(?:\d+|versions)$/.test(parts.at(-1)!)) parts.pop();
  return safeName(parts.at(-1) ?? '');
}

/** More than enough for a name, and less than any file system takes. */
const LONGEST_NAME = 100;

function safeName(text: string): string {
  const name = decoded(text)
    .replaceAll(/[^\w.@+-]+/g, '_')
    .replace(/^[.-]+/, '');
  return name === '' ? 'model' : name.slice(-LONGEST_NAME);
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
  const title = SAYS_NOTHING.test(file) ? safeName(parent) : file.replace(ENDING, '');
  const mark = createHash('sha256').update(url.href).digest('hex').slice(0, 8);
  return { url, file, folder: `${title}-${mark}` };
}
