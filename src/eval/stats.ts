import type { Precision } from './precision.ts';
import { OVERLAPS, RECALLS } from './thresholds.ts';

/** COCO's twelve numbers, 0..1, and -1 where the data set has no such object. */
export interface CocoStats {
  /** Average precision: the mean over classes, overlaps from 0.5 to 0.95, and recalls. */
  readonly AP: number;
  /** The same for an overlap of 0.5. */
  readonly AP50: number;
  readonly AP75: number;
  /** For objects of up to 32 x 32 pixels. */
  readonly APsmall: number;
  readonly APmedium: number;
  /** For objects from 96 x 96 pixels on. */
  readonly APlarge: number;
  /** Average recall: the mean over classes and overlaps, with one detection of a class in a picture. */
  readonly AR1: number;
  readonly AR10: number;
  readonly AR100: number;
  readonly ARsmall: number;
  readonly ARmedium: number;
  readonly ARlarge: number;
}

/** What `CocoStats` are the means of, for one class. Undefined where it has no such object. */
export interface Precisions {
  /** Objects of all sizes, the best detection of each picture. */
  readonly best1: Precision | undefined;
  readonly best10: Precision | undefined;
  readonly all: Precision | undefined;
  readonly small: Precision | undefined;
  readonly medium: Precision | undefined;
  readonly large: Precision | undefined;
}

/** Which of `OVERLAPS` are 0.5 and 0.75. */
const [HALF, THREE_QUARTERS] = [0, 5];

const EACH_OVERLAP = [...OVERLAPS.keys()];

export function statsOf(classes: readonly Precisions[]): CocoStats {
  const of = (key: keyof Precisions): readonly Precision[] => classes.flatMap(precisions => precisions[key] ?? []);
  return {
    ...meanPrecisions(of('all')),
    APsmall: averagePrecision(of('small'), EACH_OVERLAP),
    APmedium: averagePrecision(of('medium'), EACH_OVERLAP),
    APlarge: averagePrecision(of('large'), EACH_OVERLAP),
    AR1: averageRecall(of('best1')),
    AR10: averageRecall(of('best10')),
    AR100: averageRecall(of('all')),
    ARsmall: averageRecall(of('small')),
    ARmedium: averageRecall(of('medium')),
    ARlarge: averageRecall(of('large')),
  };
}

export const meanPrecisions = (precisions: readonly Precision[]): Pick<CocoStats, 'AP' | 'AP50' | 'AP75'> => ({
  AP: averagePrecision(precisions, EACH_OVERLAP),
  AP50: averagePrecision(precisions, [HALF]),
  AP75: averagePrecision(precisions, [THREE_QUARTERS]),
});

export const averageRecall = (precisions: readonly Precision[]): number =>
  mean(precisions.flatMap(({ recalls }) => recalls));

/** Precision at each of `RECALLS`, -1 where there is no class; what its mean over recalls is, says the key. */
export type Curves = Readonly<Record<'AP' | 'AP50' | 'AP75', readonly number[]>>;

export const meanCurves = (precisions: readonly Precision[]): Curves => ({
  AP: meanCurve(precisions, EACH_OVERLAP),
  AP50: meanCurve(precisions, [HALF]),
  AP75: meanCurve(precisions, [THREE_QUARTERS]),
});

const averagePrecision = (precisions: readonly Precision[], overlaps: readonly number[]): number =>
  mean(curvesAt(precisions, overlaps).flat());

const meanCurve = (precisions: readonly Precision[], overlaps: readonly number[]): readonly number[] => {
  const curves = curvesAt(precisions, overlaps);
  return RECALLS.map((_, i) => mean(curves.map(curve => curve[i]!)));
};

const curvesAt = (precisions: readonly Precision[], overlaps: readonly number[]): readonly (readonly number[])[] =>
  precisions.flatMap(({ curves }) => overlaps.map(t => curves[t]!));

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? -1 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
