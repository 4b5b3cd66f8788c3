import { DecantError } from '../errors.ts';
import { type Shape, unknown } from '../tensor/dim.ts';
import type { ClosedInput } from '../tf/closed-model.ts';

/** Shapes that the user fixes: by input name, or one shape (name '') for the only input. -1 is an unknown size. */
export type InputShapes = ReadonlyMap<string, readonly number[]>;

/** `1,512,512,3`, `[1,512,512,3]`, or `name[1,-1,-1,3],other[2]`, with `?` or -1 for an unknown size. */
export function parseInputShapes(text: string): InputShapes {
  const shapes = new Map<string, readonly number[]>();
  const trimmed = text.trim();
  const items = trimmed.includes('[')
    ? [...trimmed.matchAll(/\s*,?\s*([^,[\]]*)\[([^\]]*)\]/gy)]
    : [[trimmed, '', trimmed]];
  const consumed = items.reduce((sum, item) => sum + item[0]!.length, 0);
  if (items.length === 0 || consumed !== trimmed.length) throw badShape(text);
  for (const [, name, dims] of items) {
    const shape = dims!.trim() === '' ? [] : dims!.split(',').map(dim => parseDim(dim.trim(), text));
    shapes.set(name!.trim(), shape);
  }
  return shapes;
}

function parseDim(dim: string, text: string): number {
  if (dim === '?' || dim === '-1') return -1;
  if (!/^\d+$/.test(dim) || Number(dim) === 0) throw badShape(text);
  return Number(dim);
}

const badShape = (text: string): DecantError =>
  new DecantError('invalid-argument', `'${text}' is not a shape`, {
    remedy: 'Write it as [1,512,512,3], or as name[1,512,512,3] where there are several inputs.',
  });

/** The shape of an input: the model's, with what the user fixes. */
export function shapeOfInput(input: ClosedInput, inputs: readonly ClosedInput[], given: InputShapes): Shape {
  const names = inputs.map(({ name }) => name).join(', ');
  for (const name of given.keys()) {
    if (name === '' ? inputs.length === 1 : inputs.some(other => other.name === name)) continue;
    throw new DecantError('not-found', name === '' ? 'the model has several inputs' : `there is no input '${name}'`, {
      remedy: `Name one of the inputs: ${names}.`,
    });
  }
  const fixed = given.get(input.name) ?? given.get('');
  const own = input.shape;
  if (own === undefined && fixed === undefined) {
    throw new DecantError('unsupported', `the rank of input '${input.name}' is unknown`, {
      remedy: `Give its shape: --input-shape '${input.name}[1,512,512,3]'.`,
    });
  }
  if (own !== undefined && fixed !== undefined && (own.length !== fixed.length || clash(own, fixed))) {
    throw new DecantError(
      'invalid-argument',
      `input '${input.name}' has shape [${own.join(',')}] and cannot become [${fixed.join(',')}]`,
    );
  }
  return (fixed ?? own!).map((dim, i) => {
    const size = dim < 0 ? (own?.[i] ?? -1) : dim;
    return size < 0 ? unknown(`${input.name.replaceAll(/[*+\-();]/g, '_')}.${i}`) : size;
  });
}

const clash = (own: readonly number[], fixed: readonly number[]): boolean =>
  own.some((dim, i) => dim >= 0 && fixed[i]! >= 0 && dim !== fixed[i]);
