import type { HeadDescription } from './head-description.ts';
import { sigmoid } from './sigmoid.ts';
import type { Table } from './tables.ts';

export interface BestScore {
  readonly score: number;
  /** Number of the class, from 0, without the background. */
  readonly column: number;
}

/** Returns a function from a row of scores to the best of them. */
export function bestScores(
  scores: Table,
  { activation = 'none', background = false }: NonNullable<HeadDescription['scores']> = {},
): (row: number) => BestScore {
  const first = background ? 1 : 0;
  const probability = {
    none: (raw: number) => raw,
    sigmoid,
    softmax: (raw: number, row: number) => {
      let sum = 0;
      for (let i = 0; i < scores.width; i++) sum += Math.exp(scores.at(row, i) - raw);
      return 1 / sum;
    },
  }[activation];
  return row => {
    let best = first;
    for (let i = first + 1; i < scores.width; i++) if (scores.at(row, i) > scores.at(row, best)) best = i;
    return { score: probability(scores.at(row, best), row), column: best - first };
  };
}
