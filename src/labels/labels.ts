import { DecantError } from '../errors.ts';

/** The names of classes by their ids; ids may have holes. */
export type Labels = ReadonlyMap<number, string>;

/** The class's name, or `class 7` where it has none. */
export const labelOf = (labels: Labels, classId: number): string => labels.get(classId) ?? `class ${classId}`;

/**
 * The ids of classes given by name or by id.
 *
 * @throws DecantError `not-found` for a name that no class has
 */
export function classIdsOf(labels: Labels, classes: readonly (string | number)[]): ReadonlySet<number> {
  return new Set(
    classes.flatMap(wanted => {
      if (typeof wanted === 'number') return [wanted];
      const ids = [...labels].filter(([, name]) => name === wanted).map(([id]) => id);
      if (ids.length > 0) return ids;
      throw new DecantError('not-found', `there is no class named '${wanted}'`, {
        remedy: labels.size === 0 ? 'Give its id.' : `Use some of: ${[...labels.values()].join(', ')}.`,
      });
    }),
  );
}
