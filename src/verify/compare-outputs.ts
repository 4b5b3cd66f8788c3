import { matchHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import { numbersAt, type Port, type Ports, type Tensors, tensorAt } from '../detect/heads/port.ts';
import { isReal } from '../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../tensor/tensor.ts';
import { largestGap, rangeOf } from './differences.ts';
import { matchDetections, type Pairs } from './match-detections.ts';
import { matchRows } from './match-rows.ts';
import type { Tolerances } from './tolerances.ts';

/** How two answers of a detector agree. */
export interface DetectionsReport {
  readonly expected: number;
  readonly found: number;
  readonly matched: number;
  readonly matches: boolean;
}

/** How one output agrees with what is expected of it. */
export interface OutputReport {
  readonly name: string;
  /**
   * What was compared with what: numbers in the same place, or the numbers of matched detections or candidates. Outputs
   * that are the detections count by their match alone.
   */
  readonly by: 'place' | 'detection' | 'candidate' | 'match';
  /** The largest difference of two numbers; infinite where one is none. */
  readonly difference: number;
  /** The same as a share of the range of the expected output. */
  readonly share: number;
  readonly matches: boolean;
  /** Why the numbers could not be compared. */
  readonly problem?: string;
}

export interface Comparison {
  /** Of a detector of a known kind. */
  readonly detections?: DetectionsReport;
  readonly outputs: readonly OutputReport[];
  readonly matches: boolean;
}

/** Compares the outputs of a network that have `names` with those that are expected of it. */
export function compareOutputs(
  ports: Ports,
  names: readonly string[],
  expected: Tensors,
  found: Tensors,
  tolerances: Tolerances,
): Comparison {
  const problems = new Map(names.map(name => [name, problemOf(expected[name], found[name])]));
  const isSound = ({ names }: Port): boolean =>
    names.some(name => problems.has(name) && problems.get(name) === undefined);
  const head = matchHead({ inputs: ports.inputs, outputs: ports.outputs.filter(isSound) });
  const orders = head && ordersOf(head, expected, found, tolerances);
  const outputs = [...problems].map(([name, problem]) =>
    problem === undefined
      ? compareOutput(name, expected[name]!, found[name]!, orders, tolerances.difference)
      : { name, by: 'place' as const, difference: Infinity, share: Infinity, matches: false, problem },
  );
  const matches = outputs.every(output => output.matches) && (orders?.detections.matches ?? true);
  return { ...(orders && { detections: orders.detections }), outputs, matches };
}

function problemOf(expected: Tensor | undefined, found: Tensor | undefined): string | undefined {
  if (expected === undefined) return 'the reference has no such output';
  if (found === undefined) return 'the model has no such output';
  if (expected.type === 'string' || found.type === 'string') return 'texts are not compared';
  const [wanted, got] = [expected, found].map(({ shape }) => `[${shape.join(',')}]`);
  return wanted === got ? undefined : `the shape is ${got}, not ${wanted}`;
}

/** In which order the rows of a detector's two answers stand. */
interface Orders {
  readonly detections: DetectionsReport;
  /** The outputs that the detections are read from. */
  readonly read: ReadonlySet<string>;
  readonly detection: RowOrder;
  readonly candidate: RowOrder | undefined;
}

interface RowOrder {
  /** The number of rows that a table in this order has. */
  readonly rows: number;
  readonly pairs: Pairs;
}

function ordersOf(head: Head, expected: Tensors, found: Tensors, tolerances: Tolerances): Orders {
  const [wanted, got] = [head.read(expected), head.read(found)];
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

/**
 * Rows of more candidates than this stand in the order of the anchors, which is fixed; two-stage detectors have some
 * hundreds, in the order of scores.
 */
const MOST_CANDIDATES = 1000;

function orderOfCandidates(ports: readonly Port[], expected: Tensors, found: Tensors): RowOrder | undefined {
  const [rows = 0, ...others] = ports.map(port => rowsOf(tensorAt(expected, port).shape));
  if (rows === 0 || rows > MOST_CANDIDATES || others.some(count => count !== rows)) return undefined;
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
  most: number,
): OutputReport {
  const [wanted, got] = [numbersOf(expected), numbersOf(found)];
  const range = rangeOf(wanted);
  const limit = isReal(expected.type) ? most : 0;
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

/** The number of rows of a table, whose first axis may be a batch of one. */
const rowsOf = (shape: readonly number[]): number => shape.find((size, axis) => axis > 0 || size > 1) ?? 1;
