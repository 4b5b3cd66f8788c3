import { readFile } from 'node:fs/promises';
import type { Labels } from './detect/labels.ts';
import { readRtInfo } from './ov/ir/rt-info.ts';
import { fileError } from './platform/file-error.ts';

/** The labels that an IR carries in `model_info`; underscores in them are spaces. */
export async function irLabels(path: string): Promise<Labels | undefined> {
  const xml = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw fileError(path, thrown);
  });
  const info = readRtInfo(xml)['model_info'];
  const labels = typeof info === 'object' ? info['labels'] : undefined;
  if (typeof labels !== 'string' || labels.trim() === '') return undefined;
  return new Map(
    labels
      .trim()
      .split(/\s+/)
      .map((label, id) => [id, label.replaceAll('_', ' ')]),
  );
}
