import { basename } from 'node:path';

/** Endings of model files, which a name does not need. */
const ENDING = /\.(?:xml|tar\.gz|tgz|tar|zip|json|pb|pbtxt|meta)$/i;

/** Reads `NAME=PATH`, or a path, name or URL whose last part becomes the name: `centernet` for `models/centernet.json`. */
export function modelArgument(text: string): { readonly name: string; readonly path: string } {
  const [, name, path] = /^([\w.-]+)=(.+)$/s.exec(text) ?? [];
  return name !== undefined && path !== undefined ? { name, path } : { name: nameOf(text), path: text };
}

function nameOf(path: string): string {
  const plain = path
    .replace(/[?#].*$/s, '')
    .replace(/[/\\](?:saved_model|model)(?:\.(?:pb|pbtxt|json|xml))?[/\\]?$/, '');
  return basename(plain.replaceAll('\\', '/'))
    .replace(ENDING, '')
    .replaceAll(/[^\w.-]/g, '-');
}
