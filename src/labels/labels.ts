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
export const labelOf = (labels: Labels, classId: number): string => labels.get(classId) ?? `class ${classId}`;

/** Splits `person,dog,7` into names and ids. */
export const classNamesIn = (text: string): readonly (string | number)[] =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .map(name => (/^\d+$/.test(name) ? Number(name) : name));

/**
 * Returns the ids of classes, which may be named in any case.
 *
 * @throws DecantError `not-found` if there is no class of a name
 */
export const classIdsOf = (labels: Labels, classes: readonly (string | number)[]): ReadonlySet<number> =>
  new Set(classes.flatMap(wanted => (typeof wanted === 'number' ? [wanted] : idsNamed(labels, wanted))));

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
