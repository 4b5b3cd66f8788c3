import { type InputShapes, toInputShapes } from '../api/input-shapes.ts';
import { DecantError } from '../errors.ts';
import type { Model } from '../runtime/model.ts';
import type { Dimension } from '../runtime/partial-shape.ts';

/** Returns the given shapes by input index. Shapes without names belong to the inputs in order. */
export function shapesByInput(
  model: Pick<Model, 'input'>,
  shapes: InputShapes | undefined,
): ReadonlyMap<number, readonly Dimension[]> {
  return new Map(
    toInputShapes(shapes).map(({ name, shape, type }, i) => {
      if (type !== undefined || shape === undefined) {
        throw new DecantError('invalid-argument', `'${name}' is not a shape, or also sets a type`, {
          remedy: 'Write [1,480,640,3], or name[1,480,640,3] for one of several inputs.',
        });
      }
      const sizes = shape.map(size => (typeof size === 'number' ? size : ([size.min, size.max] as const)));
      return [model.input(name === '' ? i : name).index, sizes];
    }),
  );
}

/** Returns the shape with fixed sizes of an input's data. */
export function fixedShape(shape: readonly Dimension[] | undefined): readonly number[] | undefined {
  return shape?.map(size => {
    if (typeof size === 'number' && size >= 0) return size;
    throw new DecantError('invalid-argument', 'the shape of the data must have fixed sizes', {
      remedy: 'Write numbers only: [1,480,640,3].',
    });
  });
}
