import type { OutputsDescription } from './head-description.ts';
import { formatPorts, numbersAt, type Port, portNamed, tensorAt, type Tensors } from './port.ts';

/** Numbers of N candidates: `at(row, column)`. */
export interface Table {
  readonly rows: number;
  readonly width: number;
  at(row: number, column: number): number;
}

/** The parts of the outputs; those that a model lacks are undefined. */
export interface CandidateTables {
  readonly boxes: Table;
  readonly scores: Table;
  readonly objectness: Table | undefined;
  readonly classes: Table | undefined;
  readonly count: number | undefined;
}

/** Names of all outputs of a description, as they are listed there. */
export const namesOf = ({ rows, boxes = [], scores = [], classes, count }: OutputsDescription): readonly string[] =>
  [rows, boxes, scores, classes, count].flat().filter(name => name !== undefined);

/** Says which output has too few axes or numbers for what is described. */
export function shapeProblem(ports: readonly Port[], outputs: OutputsDescription): string | undefined {
  const { rows, columns = [], boxes = [], transposed = false } = outputs;
  const widthOf = ({ shape }: Port): number | undefined => shape.at(transposed ? 1 : -1);
  const named = (name: string): Port => portNamed(ports, name)!;
  const isUnbatched = ({ shape }: Port): boolean => rows === undefined && shape.length === 2 && shape[1] === 4;
  const least = fixedWidth(columns) + (columns.includes('scores') ? 1 : 0);
  const fits = (port: Port): boolean =>
    rows === undefined
      ? (widthOf(port) ?? 4) % 4 === 0
      : columns.includes('scores')
        ? (widthOf(port) ?? least) >= least
        : (widthOf(port) ?? least) === least;
  const wrong = [rows ?? boxes]
    .flat()
    .map(named)
    .find(port => !(port.shape.length >= 3 || isUnbatched(port)) || !fits(port));
  if (wrong === undefined) return undefined;
  const wanted =
    rows === undefined
      ? 'boxes of 4 numbers'
      : `rows of ${least} numbers${columns.includes('scores') ? ' or more' : ''}`;
  return `the output ${formatPorts([wrong])} does not hold ${wanted}`;
}

export function candidateTables(
  outputs: Tensors,
  ports: readonly Port[],
  { rows, columns = [], boxes = [], scores = [], classes, count, transposed = false }: OutputsDescription,
): CandidateTables {
  const table = (names: string | readonly string[], isTransposed = transposed): Table =>
    joined([names].flat().map(name => tableOf(outputs, portNamed(ports, name)!, isTransposed)));
  const valid = count === undefined ? undefined : numbersAt(outputs, portNamed(ports, count)!)[0];
  if (rows === undefined) {
    return {
      boxes: widened(table(boxes), 4),
      scores: table(scores),
      objectness: undefined,
      classes: classes === undefined ? undefined : table(classes),
      count: valid,
    };
  }
  const all = table(rows);
  const part = (column: (typeof columns)[number]): Table | undefined => {
    const at = columns.indexOf(column);
    if (at < 0) return undefined;
    const widths = columns.map(each => (each === 'box' ? 4 : each === 'scores' ? all.width - fixedWidth(columns) : 1));
    const start = widths.slice(0, at).reduce((sum, width) => sum + width, 0);
    return { rows: all.rows, width: widths[at]!, at: (row, i) => all.at(row, start + i) };
  };
  return {
    boxes: part('box')!,
    scores: (part('scores') ?? part('score'))!,
    objectness: part('objectness'),
    classes: part('class'),
    count: valid,
  };
}

/** The numbers of a row besides the scores of all classes. */
const fixedWidth = (columns: NonNullable<OutputsDescription['columns']>): number =>
  columns.reduce((sum, column) => sum + (column === 'box' ? 4 : column === 'scores' ? 0 : 1), 0);

/** Axes before the last are rows; `[1, N]` are N rows of one number. */
export function tableOf(outputs: Tensors, port: Port, transposed = false): Table {
  const numbers = numbersAt(outputs, port);
  const { shape } = tensorAt(outputs, port);
  const width = shape.length < 3 ? 1 : transposed ? shape[1]! : shape.at(-1)!;
  const rows = width === 0 ? 0 : numbers.length / width;
  const at = transposed && shape.length >= 3;
  return { rows, width, at: at ? (row, i) => numbers[i * rows + row]! : (row, i) => numbers[row * width + i]! };
}

/** Splits rows, such as those of all anchors at a position, into rows of `width`. */
export const widened = (table: Table, width: number): Table =>
  table.width === width
    ? table
    : {
        rows: (table.rows * table.width) / width,
        width,
        at: (row, i) => {
          const index = row * width + i;
          return table.at(Math.floor(index / table.width), index % table.width);
        },
      };

function joined([first, ...others]: readonly Table[]): Table {
  if (first === undefined || others.length === 0) return first!;
  const tables = [first, ...others].map(table => flat(table));
  const total = tables.reduce((sum, { length }) => sum + length, 0);
  const numbers = new Float32Array(total);
  let at = 0;
  for (const table of tables) {
    numbers.set(table, at);
    at += table.length;
  }
  return { rows: total, width: 1, at: row => numbers[row]! };
}

function flat(table: Table): Float32Array {
  const { rows, width } = table;
  const numbers = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) numbers[row * width + i] = table.at(row, i);
  }
  return numbers;
}
