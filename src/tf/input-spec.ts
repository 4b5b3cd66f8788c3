import { DecantError } from '../errors.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';

/** A size that stays open between two bounds, both included; `max` may be Infinity. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** A size of an input: a number, -1 for any, or the bounds of it. */
export type InputSize = number | SizeRange;

/** What a user says of an input. */
export interface InputSpec {
  /**
   * An input's name, or a tensor inside of the graph, of which the input takes the place: `node`, `node:1` for another of
   * its outputs, or `0:node` for what goes into a node. Empty for the inputs in their order.
   */
  readonly name: string;
  /** Sizes to fix, -1 for any; the model's own by default. */
  readonly shape?: readonly InputSize[] | undefined;
  /** The type in which it is fed; where the graph computes with another one, it is converted. */
  readonly type?: ElementType | undefined;
}

/** `name`, `[shape]` and `{type}` of one input; each may be missing, and the name may be quoted. */
const ITEM = /\s*([^,[\]{}]*?)\s*(?:\[([^\]]*)\])?\s*(?:\{\s*([^}]*?)\s*\})?\s*(,|$)/y;

/**
 * Inputs as `ovc` spells them: `image[1,?,?,3]{u8},ids`. A size is a number, `?` or `-1` for any, or `1..10`, `..10`, `1..`
 * for any within bounds.
 *
 * @throws DecantError `invalid-argument`
 */
export function parseInputSpecs(text: string, what = 'a list of inputs'): readonly InputSpec[] {
  const specs: InputSpec[] = [];
  const pattern = new RegExp(ITEM);
  let more = true;
  while (more) {
    const found = pattern.exec(text);
    const [, name = '', shape, type, comma] = found ?? [];
    if (found === null || (name === '' && shape === undefined && type === undefined)) throw wrong(text, what);
    specs.push({
      name,
      ...(shape === undefined ? {} : { shape: parseSizes(shape, text, what) }),
      ...(type === undefined ? {} : { type: toElementType(type) }),
    });
    more = comma === ',';
  }
  return specs;
}

/** As `parseInputSpecs`; `1,512,512,3` without brackets is a shape, too. */
export const parseInputShapes = (text: string): readonly InputSpec[] =>
  parseInputSpecs(text.includes('[') ? text : `[${text}]`, 'a shape');

function parseSizes(sizes: string, text: string, what: string): readonly InputSize[] {
  return sizes.trim() === '' ? [] : sizes.split(',').map(size => parseSize(size.trim(), text, what));
}

function parseSize(size: string, text: string, what: string): InputSize {
  if (size === '?' || size === '-1') return -1;
  if (/^[1-9]\d*$/.test(size)) return Number(size);
  const [, low, high] = /^(\d*)\.\.(\d*)$/.exec(size) ?? [];
  if (low === undefined || high === undefined) throw wrong(text, what);
  const [min, max] = [low === '' ? 0 : Number(low), high === '' ? Infinity : Number(high)];
  if (max < Math.max(min, 1)) throw wrong(text, what);
  if (min === max) return min;
  return min === 0 && max === Infinity ? -1 : { min, max };
}

function toElementType(type: string): ElementType {
  if (isElementType(type)) return type;
  throw new DecantError('invalid-argument', `'${type}' is not an element type`, {
    remedy: 'Write it as OpenVINO does: u8, f32, i64, ...',
  });
}

const wrong = (text: string, what: string): DecantError =>
  new DecantError('invalid-argument', `'${text}' is not ${what}`, {
    remedy: 'Write a shape as [1,512,512,3], with a name as name[1,?,1..640,3], and with a type as name[1,?,?,3]{u8}.',
  });

/** `[1,?,1..640,3]`, as OpenVINO prints it. */
export const formatSizes = (sizes: readonly InputSize[]): string => `[${sizes.map(formatSize).join(',')}]`;

export function formatSize(size: InputSize): string {
  if (typeof size === 'number') return size < 0 ? '?' : String(size);
  return `${size.min === 0 ? '' : size.min}..${size.max === Infinity ? '' : size.max}`;
}

/**
 * The size that two ask for; undefined where they contradict each other. A number is narrower than bounds, and bounds are
 * narrower than any.
 */
export function unifySizes(a: InputSize, b: InputSize): InputSize | undefined {
  const [low, high] = [Math.max(leastOf(a), leastOf(b)), Math.min(mostOf(a), mostOf(b))];
  if (low > high) return undefined;
  if (low === high) return low;
  return low === 0 && high === Infinity ? -1 : { min: low, max: high };
}

const leastOf = (size: InputSize): number => (typeof size === 'number' ? Math.max(size, 0) : size.min);
const mostOf = (size: InputSize): number => (typeof size === 'number' ? (size < 0 ? Infinity : size) : size.max);
