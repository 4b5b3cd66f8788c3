import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './run-cli.ts';

const PACKAGE = join(ROOT, 'node_modules', '@vladmandic', 'human');

/** People at a party, 1280 x 1158. */
export const PHOTO = join(PACKAGE, 'assets', 'samples.jpg');

export const modelPath = (name: string): string => join(PACKAGE, 'models', `${name}.json`);

export const CENTERNET = modelPath('centernet');

/** A small classifier: 45 ops, 593 kB of float32 weights in one file. */
export const LIVENESS = modelPath('liveness');

interface Node {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, object>;
}

interface Weight {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: { dtype: string; scale?: number; min?: number };
}

export interface ModelJson {
  modelTopology: { node: Node[] };
  weightsManifest: [{ paths: string[]; weights: Weight[] }];
}

/** Writes `LIVENESS`, after `change`, as `model.json` and `weights.bin`. Returns the path of `model.json`. */
export async function copyModel(folder: string, change: (model: ModelJson) => void = () => undefined): Promise<string> {
  const model = JSON.parse(await readFile(LIVENESS, 'utf8')) as ModelJson;
  model.weightsManifest[0].paths = ['weights.bin'];
  change(model);
  const path = join(folder, 'model.json');
  await copyFile(LIVENESS.replace('.json', '.bin'), join(folder, 'weights.bin'));
  await writeFile(path, JSON.stringify(model));
  return path;
}
