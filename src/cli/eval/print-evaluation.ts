import type { CocoCategory, CocoDataset, CocoResult } from '../../eval/coco-dataset.ts';
import type { CocoEvaluation } from '../../eval/evaluate-coco.ts';
import type { IouType } from '../../eval/overlap.ts';
import type { CocoStats } from '../../eval/stats.ts';
import { amount } from '../amount.ts';
import { print, printable, table } from '../console.ts';

/** IoU thresholds, object sizes and detections per image of COCO's twelve metrics. */
const MEANINGS: Readonly<Record<keyof CocoStats, readonly [iou: string, area: string, most: number]>> = {
  AP: ['0.50:0.95', 'all', 100],
  AP50: ['0.50', 'all', 100],
  AP75: ['0.75', 'all', 100],
  APsmall: ['0.50:0.95', 'small', 100],
  APmedium: ['0.50:0.95', 'medium', 100],
  APlarge: ['0.50:0.95', 'large', 100],
  AR1: ['0.50:0.95', 'all', 1],
  AR10: ['0.50:0.95', 'all', 10],
  AR100: ['0.50:0.95', 'all', 100],
  ARsmall: ['0.50:0.95', 'small', 100],
  ARmedium: ['0.50:0.95', 'medium', 100],
  ARlarge: ['0.50:0.95', 'large', 100],
};

interface EvaluationSubject {
  readonly name: string;
  readonly iouType: IouType;
  readonly dataset: CocoDataset;
  readonly results: readonly CocoResult[];
  readonly unknown: readonly CocoCategory[];
}

export function printEvaluation({ stats, categories, curves }: CocoEvaluation, subject: EvaluationSubject): void {
  const { name, iouType, dataset, results, unknown } = subject;
  const objects = categories.reduce((sum, category) => sum + category.objects, 0);
  print(
    `${name}: ${amount(dataset.images.length, 'image')}, ${amount(objects, 'object')} of ${amount(dataset.categories.length, 'class', 'classes')}`,
  );
  print(`results: ${results.length}, compared by ${iouType === 'bbox' ? 'boxes' : 'masks'}`);
  if (unknown.length > 0) print(`classes unknown to the model: ${unknown.map(one => printable(one.name)).join(', ')}`);
  const rows = Object.entries(MEANINGS).map(([key, meaning]) => [
    key,
    share(stats[key as keyof CocoStats]),
    ...meaning,
  ]);
  print(`\n${table([['', 'value', 'IoU', 'area', 'detections'], ...rows])}`);
  const classes = categories.filter(one => one.objects > 0 || one.detections > 0);
  const classRows = classes.map(one => [
    one.name,
    one.objects,
    one.detections,
    ...[one.AP, one.AP50, one.AP75, one.AR100].map(share),
  ]);
  print(`\n${table([['class', 'objects', 'results', 'AP', 'AP50', 'AP75', 'AR100'], ...classRows])}`);
  const recalls = Array.from({ length: 11 }, (_, i) => 10 * i);
  const curve = (key: keyof typeof curves): readonly string[] => recalls.map(recall => share(curves[key][recall]!));
  print('\nprecision at recall');
  print(
    table([
      ['IoU', ...recalls.map(recall => (recall / 100).toFixed(1))],
      ['0.50', ...curve('AP50')],
      ['0.75', ...curve('AP75')],
      ['0.50:0.95', ...curve('AP')],
    ]),
  );
}

/** Negative means undefined. */
const share = (number: number): string => (number < 0 ? '-' : number.toFixed(3));
