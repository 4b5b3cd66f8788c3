import { type InputSpec, parseInputShapes } from '../tf/input-spec.ts';

/** Shapes of inputs: of the only one, by name, or as text (`images[1,512,512,3]`); -1 is any size. */
export type InputShapes = string | readonly number[] | Readonly<Record<string, readonly number[]>>;

export function toInputShapes(given: InputShapes = []): readonly InputSpec[] {
  if (typeof given === 'string') return parseInputShapes(given);
  if (isShape(given)) return given.length === 0 ? [] : [{ name: '', shape: given }];
  return Object.entries(given).map(([name, shape]) => ({ name, shape }));
}

const isShape = (given: Exclude<InputShapes, string>): given is readonly number[] => Array.isArray(given);
