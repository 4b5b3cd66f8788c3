import { InvalidArgumentError } from 'commander';

/** The score that an option gives, 0..1. */
export function toScore(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 1))
    throw new InvalidArgumentError('A score lies between 0 and 1.');
  return score;
}
