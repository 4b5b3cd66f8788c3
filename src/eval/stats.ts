import type { Precision } from './precision.ts';
import { IOU_THRESHOLDS, RECALLS } from './thresholds.ts';

/**
 * COCO's twelve metrics, 0..1; -1 if the data set has no such object. Small objects have up to 32 x 32 pixels, large ones at
 * least 96 x 96.
 */
export interface CocoStats {
  /** Average precision: the mean over classes, IoU thresholds 0.5 to 0.95, and recalls. */
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly APsmall: number;
  readonly APmedium: number;
  readonly APlarge: number;
  /** Average recall: the mean over classes and IoU thresholds, with one detection per class and image. */
  readonly AR1: number;
  readonly AR10: number;
  readonly AR100: number;
  readonly ARsmall: number;
  readonly ARmedium: number;
  readonly ARlarge: number;
}

/** Precision and recall of one class, for the best 1, 10 or 100 detections of each image; undefined without such objects. */
export interface Precisions {
  readonly best1: Precision | undefined;
  readonly best10: Precision | undefined;
  readonly all: Precision | undefined;
  readonly small: Precision | undefined;
  readonly medium: Precision | undefined;
  readonly large: Precision | undefined;
}

const IOU_50 = 0;
const IOU_75 = 5;

const ALL_IOUS = [...IOU_THRESHOLDS.keys()];

export function statsOf(classes: readonly Precisions[]): CocoStats {
  const of = (key: keyof Precisions): readonly Precision[] => classes.flatMap(precisions => precisions[key] ?? []);
  return {
    ...meanPrecisions(of('all')),
    APsmall: averagePrecision(of('small'), ALL_IOUS),
    APmedium: averagePrecision(of('medium'), ALL_IOUS),
    APlarge: averagePrecision(of('large'), ALL_IOUS),
    AR1: averageRecall(of('best1')),
    AR10: averageRecall(of('best10')),
    AR100: averageRecall(of('all')),
    ARsmall: averageRecall(of('small')),
    ARmedium: averageRecall(of('medium')),
    ARlarge: averageRecall(of('large')),
  };
}

export const meanPrecisions = (precisions: readonly Precision[]): Pick<CocoStats, 'AP' | 'AP50' | 'AP75'> => ({
  AP: averagePrecision(precisions, ALL_IOUS),
  AP50: averagePrecision(precisions, [IOU_50]),
  AP75: averagePrecision(precisions, [IOU_75]),
});

export const averageRecall = (precisions: readonly Precision[]): number =>
  mean(precisions.flatMap(({ recalls }) => recalls));

/** Precision at recalls 0, 0.01, to 1; -1 without classes. Its mean is the metric of that name. */
export type Curves = Readonly<Record<'AP' | 'AP50' | 'AP75', readonly number[]>>;

export const meanCurves = (precisions: readonly Precision[]): Curves => ({
  AP: meanCurve(precisions, ALL_IOUS),
  AP50: meanCurve(precisions, [IOU_50]),
  AP75: meanCurve(precisions, [IOU_75]),
});

const averagePrecision = (precisions: readonly Precision[], ious: readonly number[]): number =>
  mean(curvesAt(precisions, ious).flat());

const meanCurve = (precisions: readonly Precision[], ious: readonly number[]): readonly number[] => {
  const curves = curvesAt(precisions, ious);
  return RECALLS.map((_, i) => mean(curves.map(curve => curve[i]!)));
};

const curvesAt = (precisions: readonly Precision[], ious: readonly number[]): readonly (readonly number[])[] =>
  precisions.flatMap(({ curves }) => ious.map(t => curves[t]!));

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? -1 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
