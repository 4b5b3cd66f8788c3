import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { convertResolvedModel } from '../api/convert-model.ts';
import { rejectChanges } from '../api/compile-detector.ts';
import type { ConvertModelOptions } from '../api/convert-model-options.ts';
import { labelsPath } from '../api/ir-info.ts';
import type { ResolvedModel } from '../api/resolve-model.ts';
import { saveModel } from '../api/save-model.ts';
import { DecantError } from '../errors.ts';
import { exists } from '../platform/exists.ts';
import { readFile } from '../platform/read-file.ts';
import { readTextFile } from '../platform/read-text-file.ts';
import { writeFiles } from '../platform/write-files.ts';
import { dockerfile, kserveManifest, kubernetesManifest } from './manifests.ts';
import { configWith } from './ovms-config.ts';

export interface ExportOvmsOptions {
  readonly name: string;
  /** Number of the version; by default, the one after the newest in the folder. */
  readonly version?: number | undefined;
  readonly convert?: ConvertModelOptions | undefined;
}

/** Names that are parts of URLs and paths. */
const NAME = /^\w[\w.-]*$/;

/**
 * Writes a model into a repository of OpenVINO Model Server, `NAME/VERSION/model.xml` and `model.bin`, adds it to
 * `config.json`, and writes manifests for Kubernetes and KServe and a `Dockerfile`, unless they exist. A TensorFlow model is
 * converted, an IR is copied.
 *
 * @returns the paths of the files, relative to the folder
 * @throws DecantError those of `convertModel`; `invalid-argument` for a name that a URL cannot have or a version that exists,
 *   `malformed` if `config.json` is something else, `io`
 */
export async function exportOvms(
  model: ResolvedModel,
  folder: string,
  { name, version, convert }: ExportOvmsOptions,
): Promise<readonly string[]> {
  if (!NAME.test(name)) {
    throw new DecantError('invalid-argument', `'${name}' is not a valid model name`, {
      remedy: "Give one with --name, of letters, digits, '.', '_' and '-'.",
    });
  }
  const path = join(folder, 'config.json');
  const config = configWith(await textAt(path), path, name);
  const place = join(name, String(version ?? 1 + (await newestVersion(join(folder, name)))));
  if (await exists(join(folder, place))) {
    throw new DecantError('invalid-argument', `${join(folder, place)} exists`, {
      remedy: 'Choose another --version; without it, a new one is made.',
    });
  }
  const files = await writeModel(model, join(folder, place), convert);
  const texts = {
    'config.json': config,
    ...(await missing(folder, {
      'kubernetes.yaml': kubernetesManifest(),
      [`kserve-${name}.yaml`]: kserveManifest(name),
      Dockerfile: dockerfile(),
    })),
  };
  // Last, so that a server that reads it finds the model.
  await writeFiles(Object.entries(texts).map(([file, text]) => ({ path: join(folder, file), parts: [bytes(text)] })));
  return [...files.map(file => join(place, file)), ...Object.keys(texts)];
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function writeModel(
  { kind, path }: ResolvedModel,
  folder: string,
  convert: ConvertModelOptions | undefined,
): Promise<readonly string[]> {
  const xml = join(folder, 'model.xml');
  if (kind === 'ir') rejectChanges(path, convert);
  else {
    const { labels } = await saveModel(await convertResolvedModel({ kind, path }, convert), xml);
    return ['model.xml', 'model.bin', ...(labels === undefined ? [] : ['model.labels.txt'])];
  }
  const parts = [
    ['model.bin', path.replace(/\.xml$/, '.bin')],
    ['model.labels.txt', labelsPath(path)],
    ['model.xml', path],
  ] as const;
  const present = await Promise.all(parts.map(([, from]) => exists(from)));
  const copied = parts.filter((_, i) => present[i]);
  const files = copied.map(async ([file, from]) => ({ path: join(folder, file), parts: [await readFile(from)] }));
  await writeFiles(await Promise.all(files));
  return copied.map(([file]) => file);
}

async function newestVersion(folder: string): Promise<number> {
  const entries = await readdir(folder).catch(() => []);
  return Math.max(0, ...entries.filter(entry => /^[1-9]\d*$/.test(entry)).map(Number));
}

const textAt = async (path: string): Promise<string | undefined> =>
  (await exists(path)) ? readTextFile(path) : undefined;

/** The texts whose files do not exist: users adapt manifests. */
async function missing(
  folder: string,
  texts: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(texts);
  const present = await Promise.all(entries.map(([file]) => exists(join(folder, file))));
  return Object.fromEntries(entries.filter((_, i) => !present[i]));
}
