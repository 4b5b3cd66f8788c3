import { describe, expect, it } from 'vitest';
import type { DecantError } from '../errors.ts';
import { COCO_80, COCO_91, labelsFor } from './coco.ts';
import { classIdsOf, labelOf } from './labels.ts';

describe('COCO labels', () => {
  it('are the same in both numberings', () => {
    expect([...COCO_80.values()]).toEqual([...COCO_91.values()]);
    expect(new Set(COCO_80.values()).size).toBe(80);
  });

  it('run from 0 to 79', () => {
    expect([...COCO_80.keys()]).toEqual(Array.from({ length: 80 }, (_, i) => i));
    expect([0, 16, 79].map(id => COCO_80.get(id))).toEqual(['person', 'dog', 'toothbrush']);
  });

  it('run from 1 to 90 with ten gaps', () => {
    const gaps = Array.from({ length: 90 }, (_, i) => i + 1).filter(id => !COCO_91.has(id));
    expect(gaps).toEqual([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);
    expect([1, 18, 90].map(id => COCO_91.get(id))).toEqual(['person', 'dog', 'toothbrush']);
  });

  it('apply to class counts of COCO', () => {
    expect([80, 90, 91].map(labelsFor)).toEqual([COCO_80, COCO_91, COCO_91]);
    expect(labelsFor(3).size).toBe(0);
  });
});

describe('labelOf', () => {
  it('numbers a class without a name', () => {
    expect([labelOf(COCO_91, 18), labelOf(COCO_91, 12)]).toEqual(['dog', 'class 12']);
  });
});

describe('classIdsOf', () => {
  it('accepts names and ids', () => {
    expect(classIdsOf(COCO_91, ['dog', 'traffic light', 77])).toEqual(new Set([18, 10, 77]));
  });

  it('returns every class with the name', () => {
    const labels = new Map([
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ]);
    expect(classIdsOf(labels, ['a'])).toEqual(new Set([1, 3]));
  });

  it('ignores case, unless names differ in nothing else', () => {
    expect(classIdsOf(COCO_80, ['Dog', 'TRAFFIC light'])).toEqual(new Set([16, 9]));
    const labels = new Map([
      [1, 'it'],
      [2, 'IT'],
    ]);
    expect(classIdsOf(labels, ['IT'])).toEqual(new Set([2]));
    expect(classIdsOf(labels, ['It'])).toEqual(new Set([1, 2]));
  });

  it('suggests names near an unknown one, or else lists all names', () => {
    const remedyOf = (name: string): unknown => {
      try {
        return classIdsOf(COCO_80, [name]);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'not-found', message: `the model has no class named '${name}'` });
        return (thrown as DecantError).remedy;
      }
    };
    expect(remedyOf('dgo')).toBe("Did you mean 'dog'?");
    expect(remedyOf('spaceship')).toMatch(/^Use one or more of: person, bicycle, /);
  });
});
