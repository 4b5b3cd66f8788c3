import { fileNameOf } from '../../source/paths.ts';
import type { Source } from '../../source/source.ts';

const ENDING = /\.(?:tar\.gz|tgz|tar|zip|json|pb|pbtxt|meta|tflite)$/i;

const SAVED_MODEL = /(?:^|\/)(?:saved_model\/)?(?:saved_model\.pb(?:txt)?)?$/;

export function modelName(source: Source): string {
  const path = source.name
    .replaceAll('\\', '/')
    .replace(SAVED_MODEL, '')
    .replace(/\/saved_model\/?$/, '');
  const name = fileNameOf(path).replace(ENDING, '');
  return /^\.*$/.test(name) ? 'model' : name;
}
