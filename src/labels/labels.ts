import { checkArgument, map, number } from '../check.ts';
import { DecantError } from '../errors.ts';
import { nearestHint } from '../nearest-names.ts';

/** Class names by class id; ids may have gaps. */
export type Labels = ReadonlyMap<number, string>;

/**
 * Returns the name of a class, or `class 7` if it has none.
 *
 * @example
 * ```ts
 * import { COCO_80, labelOf } from 'decant';
 *
 * console.log(labelOf(COCO_80, 16), labelOf(COCO_80, 80)); // dog class 80
 * ```
 */
export function labelOf(labels: Labels, classId: number): string {
  checkArgument(labels, 'the labels', map);
  checkArgument(classId, 'the class', number);
  return labels.get(classId) ?? `class ${classId}`;
}

/**
 * Returns the ids of classes, which may be named in any case.
 *
 * @throws DecantError `not-found` if there is no class of a name
 */
export const classIdsOf = (labels: Labels, classes: readonly (string | number)[]): ReadonlySet<number> =>
  new Set(classes.flatMap(wanted => (typeof wanted === 'number' ? [wanted] : idsNamed(labels, wanted.trim()))));

/** Splits `person,dog,7` into names and ids. */
export const classesIn = (given: string | readonly (string | number)[]): readonly (string | number)[] =>
  (typeof given === 'string' ? given.split(',').filter(each => each.trim() !== '') : given).map(each =>
    typeof each === 'string' && /^\s*\d+\s*$/.test(each) ? Number(each) : each,
  );

function idsNamed(labels: Labels, wanted: string): readonly number[] {
  const ids = (matches: (name: string) => boolean): readonly number[] =>
    [...labels].filter(([, name]) => matches(name)).map(([id]) => id);
  const exact = ids(name => name === wanted);
  if (exact.length > 0) return exact;
  const inAnyCase = ids(name => name.toLowerCase() === wanted.toLowerCase());
  if (inAnyCase.length > 0) return inAnyCase;
  throw new DecantError('not-found', `the model has no class named '${wanted}'`, { remedy: remedyFor(labels, wanted) });
}

function remedyFor(labels: Labels, wanted: string): string {
  if (labels.size === 0) return 'The model has no class names: use ids, or name the classes with labels.';
  const names = new Set(labels.values());
  return nearestHint(wanted, names).trim() || `Use one or more of: ${[...names].join(', ')}.`;
}
