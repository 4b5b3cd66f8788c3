import { DecantError, withinAsync } from '../../errors.ts';
import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';
import { frozenGraph } from './frozen-graph.ts';
import { graphModel } from './graph-model.ts';
import { metaGraph } from './meta-graph.ts';
import { modelName } from './model-name.ts';
import type { Reader } from './reader.ts';
import { savedModel } from './saved-model.ts';
import { textGraph } from './text-graph.ts';
import { tflite } from './tflite.ts';

const READERS: readonly Reader[] = [savedModel, graphModel, frozenGraph, textGraph, metaGraph, tflite];

const MAX_LISTED = 8;

export async function readModel(source: Source): Promise<TfModel> {
  for (const reader of READERS) {
    const paths = await reader.matches(source);
    const [path] = paths;
    if (paths.length > 1) {
      throw new DecantError('invalid-argument', `'${source.name}' holds ${paths.length} models: ${named(paths)}`, {
        remedy: 'Pass the path of one of them.',
      });
    }
    if (path !== undefined) return withinAsync(`reading ${path}`, async () => readWith(reader, source, path));
  }
  throw await notAModel(source);
}

async function readWith(reader: Reader, source: Source, path: string): Promise<TfModel> {
  const read = await reader.load();
  return { name: modelName(source), format: reader.name, ...(await read(source, path)) };
}

async function notAModel(source: Source): Promise<DecantError> {
  const paths = await source.list();
  if (paths.length === 0) return new DecantError('not-a-model', `'${source.name}' holds no files`);
  const { findForeign } = await import('./foreign-formats.ts');
  const foreign = await findForeign(source);
  if (foreign !== undefined) {
    const [path, { is, remedy }] = foreign;
    const message =
      paths.length === 1 ? `'${source.name}' is ${is}` : `'${source.name}' holds no model; '${path}' is ${is}`;
    const isIr = paths.length > 1 && path.endsWith('.xml');
    return new DecantError('not-a-model', message, { remedy: isIr ? `Pass '${source.name}/${path}'.` : remedy });
  }
  const formats = READERS.map(reader => reader.looksFor).join(', ');
  const problem =
    paths.length === 1
      ? 'is not a model that decant supports'
      : `holds no model that decant supports, only ${named(paths)}`;
  return new DecantError('not-a-model', `'${source.name}' ${problem}`, { remedy: `Pass one of: ${formats}.` });
}

const named = (paths: readonly string[]): string =>
  paths.slice(0, MAX_LISTED).join(', ') + (paths.length > MAX_LISTED ? ` and ${paths.length - MAX_LISTED} more` : '');
