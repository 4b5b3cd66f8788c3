import { numbersAt, type Port, type Tensors } from './port.ts';

/** Rows of N candidates or detections. */
export interface CandidateTable {
  readonly count: number;
  readonly at: (row: number, column: number) => number;
}

/** Reads `[1, N, columns]`, or `[1, columns, N]` if `columnAxis` is 1. */
export function tableAt(outputs: Tensors, port: Port, columns: number, columnAxis: 1 | 2): CandidateTable {
  const numbers = numbersAt(outputs, port);
  const count = Math.floor(numbers.length / columns);
  return {
    count,
    at:
      columnAxis === 1
        ? (row, column) => numbers[column * count + row]!
        : (row, column) => numbers[row * columns + column]!,
  };
}
