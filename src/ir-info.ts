import { readFile } from 'node:fs/promises';
import type { Labels } from './detect/labels.ts';
import type { RtInfo } from './ov/ir/ir.ts';
import { readRtInfo } from './ov/ir/rt-info.ts';
import { fileError } from './platform/file-error.ts';
import { type PreprocessInfo, readPreprocessInfo } from './preprocess/preprocess-info.ts';

/** What an IR says of itself. */
export interface IrInfo {
  /** The names of the classes. */
  readonly labels: Labels | undefined;
  /** What its conversion decided that its user should know, as sentences. */
  readonly notes: readonly string[];
  /** The steps on frames that it holds. */
  readonly preprocess: PreprocessInfo | undefined;
}

export async function readIrInfo(path: string): Promise<IrInfo> {
  const xml = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw fileError(path, thrown);
  });
  const rtInfo = readRtInfo(xml);
  return { labels: labelsIn(rtInfo), notes: notesIn(rtInfo), preprocess: readPreprocessInfo(rtInfo) };
}

/** The notes that `conversion` holds, a line each. */
export const notesIn = (rtInfo: RtInfo): readonly string[] => lines(textIn(rtInfo, 'conversion', 'notes'));

const lines = (text: string): readonly string[] => (text === '' ? [] : text.split('\n'));

/** The labels in `model_info`; underscores in them are spaces. */
function labelsIn(rtInfo: RtInfo): Labels | undefined {
  const labels = textIn(rtInfo, 'model_info', 'labels').trim();
  if (labels === '') return undefined;
  return new Map(labels.split(/\s+/).map((label, id) => [id, label.replaceAll('_', ' ')]));
}

function textIn(rtInfo: RtInfo, section: string, key: string): string {
  const info = rtInfo[section];
  const text = typeof info === 'object' ? info[key] : undefined;
  return typeof text === 'string' ? text : '';
}
