import { type HeadChoice, matchHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import { numbersAt, type Port, type Ports, type Tensors, tensorAt } from '../detect/heads/port.ts';
import { isReal } from '../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../tensor/tensor.ts';
import { largestGap, rangeOf } from './differences.ts';
import { matchDetections, type Pairs } from './match-detections.ts';
import { matchRows } from './match-rows.ts';
import type { Tolerances } from './tolerances.ts';

export interface DetectionsReport {
  readonly expected: number;
  readonly found: number;
  readonly matched: number;
  readonly matches: boolean;
}

export interface OutputReport {
  readonly name: string;
  /**
   * How numbers were paired: by their place, or by matched detections or candidates. Outputs that contain the detections
   * (`match`) are judged by the match alone.
   */
  readonly by: 'place' | 'detection' | 'candidate' | 'match';
  /** The largest difference; infinite if only one of two numbers is NaN. */
  readonly difference: number;
  /** `difference` as a fraction of the range of the reference. */
  readonly share: number;
  readonly matches: boolean;
  readonly problem?: string;
}

export interface Comparison {
  readonly detections?: DetectionsReport;
  readonly outputs: readonly OutputReport[];
  readonly matches: boolean;
}

/** Compares the outputs that the reference has. */
export function compareOutputs(
  ports: Ports,
  expected: Tensors,
  found: Tensors,
  tolerances: Tolerances,
  chosen?: HeadChoice,
): Comparison {
  const problems = new Map(Object.entries(expected).map(([name, tensor]) => [name, problemOf(tensor, found[name])]));
  const isSound = ({ names }: Port): boolean =>
    names.some(name => problems.has(name) && problems.get(name) === undefined);
  const head = matchHead({ ...ports, outputs: ports.outputs.filter(isSound) }, chosen);
  const orders = head && ordersOf(head, expected, found, tolerances);
  const outputs = [...problems].map(([name, problem]) =>
    problem === undefined
      ? compareOutput(name, expected[name]!, found[name]!, orders, tolerances.difference)
      : { name, by: 'place' as const, difference: Infinity, share: Infinity, matches: false, problem },
  );
  const matches = outputs.every(output => output.matches) && (orders?.detections.matches ?? true);
  return { ...(orders && { detections: orders.detections }), outputs, matches };
}

function problemOf(expected: Tensor, found: Tensor | undefined): string | undefined {
  if (found === undefined) return 'the model has no such output';
  if (expected.type === 'string' || found.type === 'string') return 'strings are not compared';
  const wanted = `[${expected.shape.join(',')}]`;
  const got = `[${found.shape.join(',')}]`;
  return wanted === got ? undefined : `the shape is ${got}, not ${wanted}`;
}

interface Orders {
  readonly detections: DetectionsReport;
  /** Outputs that the detections are decoded from. */
  readonly read: ReadonlySet<string>;
  readonly detection: RowOrder;
  readonly candidate: RowOrder | undefined;
}

interface RowOrder {
  /** Rows of the tables with this order. */
  readonly rows: number;
  readonly pairs: Pairs;
}

function ordersOf(head: Head, expected: Tensors, found: Tensors, tolerances: Tolerances): Orders {
  const wanted = head.read(expected);
  const got = head.read(found);
  const pairs = matchDetections(wanted, got, tolerances);
  return {
    detections: {
      expected: wanted.count,
      found: got.count,
      matched: pairs.length,
      matches: pairs.length >= Math.max(wanted.count, got.count) * tolerances.matched,
    },
    read: new Set(head.detectionOutputs.flatMap(({ names }) => names)),
    detection: { rows: wanted.scores.length, pairs },
    candidate: orderOfCandidates(head.candidateOutputs, expected, found),
  };
}

/** Candidates beyond this number are anchors in a fixed order. Two-stage detectors have some hundreds, sorted by score. */
const MAX_CANDIDATES = 1000;

function orderOfCandidates(ports: readonly Port[], expected: Tensors, found: Tensors): RowOrder | undefined {
  const [rows = 0, ...others] = ports.map(port => rowsOf(tensorAt(expected, port).shape));
  if (rows === 0 || rows > MAX_CANDIDATES || others.some(count => count !== rows)) return undefined;
  const tables = ports.map(port => {
    const numbers = numbersAt(expected, port);
    return {
      width: numbers.length / rows,
      expected: numbers,
      found: numbersAt(found, port),
      range: rangeOf(numbers),
    };
  });
  return { rows, pairs: matchRows(tables, rows) };
}

function compareOutput(
  name: string,
  expected: Tensor,
  found: Tensor,
  orders: Orders | undefined,
  maxShare: number,
): OutputReport {
  const wanted = numbersOf(expected);
  const got = numbersOf(found);
  const range = rangeOf(wanted);
  const limit = isReal(expected.type) ? maxShare : 0;
  const rows = rowsOf(expected.shape);
  const report = (by: OutputReport['by'], pairs: Pairs, width = wanted.length / rows): OutputReport => {
    const difference = largestGap(wanted, got, width, pairs);
    const share = difference / range;
    return { name, by, difference, share, matches: by === 'match' || share <= limit };
  };
  if (orders?.read.has(name) === true) return report('match', orders.detection.pairs);
  const inPlace = report('place', [[0, 0]], wanted.length);
  if (inPlace.matches || orders === undefined) return inPlace;
  const { detection, candidate } = orders;
  const reordered = [
    ...(detection.rows === rows ? [report('detection', detection.pairs)] : []),
    ...(candidate?.rows === rows ? [report('candidate', candidate.pairs)] : []),
  ];
  return [inPlace, ...reordered].reduce((best, other) => (other.share < best.share ? other : best));
}

/** Number of rows; the first axis may be a batch of 1. */
const rowsOf = (shape: readonly number[]): number => shape.find((size, axis) => axis > 0 || size > 1) ?? 1;
