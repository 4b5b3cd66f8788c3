import { DecantError } from '../errors.ts';

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

export function classIdsOf(labels: Labels, classes: readonly (string | number)[]): ReadonlySet<number> {
  return new Set(
    classes.flatMap(wanted => {
      if (typeof wanted === 'number') return [wanted];
      const ids = [...labels].filter(([, name]) => name === wanted).map(([id]) => id);
      if (ids.length > 0) return ids;
      throw new DecantError('not-found', `the model has no class named '${wanted}'`, {
        remedy:
          labels.size === 0
            ? 'The model has no class names; use class ids.'
            : `Use one or more of: ${[...labels.values()].join(', ')}.`,
      });
    }),
  );
}
