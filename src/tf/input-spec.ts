import { DecantError } from '../errors.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';

/** A dynamic size with inclusive bounds; `max` may be Infinity. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** A static size, -1 for dynamic, or bounds. */
export type InputSize = number | SizeRange;

/** A requested input: its name, shape and type. */
export interface InputSpec {
  /**
   * The name of an input, or of an inner tensor to cut the graph at: `node`, `node:1` for another output of the node, or
   * `0:node` for an input of the node. Empty to refer to the inputs in order.
   */
  readonly name: string;
  /** -1 for dynamic sizes; the model's shape by default. */
  readonly shape?: readonly InputSize[] | undefined;
  /** The type it is fed as; converted if the graph computes with another one. */
  readonly type?: ElementType | undefined;
}

const ITEM = /\s*([^,[\]{}]*?)\s*(?:\[([^\]]*)\])?\s*(?:\{\s*([^}]*?)\s*\})?\s*(,|$)/y;

/**
 * Parses inputs in the syntax of `ovc`: `image[1,?,?,3]{u8},ids`. A size is a number, `?` or `-1` for dynamic, or a range
 * `1..10`, `..10`, `1..`.
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
  const min = low === '' ? 0 : Number(low);
  const max = high === '' ? Infinity : Number(high);
  if (max < Math.max(min, 1)) throw wrong(text, what);
  if (min === max) return min;
  return min === 0 && max === Infinity ? -1 : { min, max };
}

function toElementType(type: string): ElementType {
  if (isElementType(type)) return type;
  throw new DecantError('invalid-argument', `'${type}' is not an element type`, {
    remedy: 'Use the name of an OpenVINO type: u8, f32, i64, ...',
  });
}

const wrong = (text: string, what: string): DecantError =>
  new DecantError('invalid-argument', `'${text}' is not ${what}`, {
    remedy: 'Write a shape as [1,512,512,3], with a name as name[1,?,1..640,3], and with a type as name[1,?,?,3]{u8}.',
  });

export const formatSizes = (sizes: readonly InputSize[]): string => `[${sizes.map(formatSize).join(',')}]`;

export function formatSize(size: InputSize): string {
  if (typeof size === 'number') return size < 0 ? '?' : String(size);
  return `${size.min === 0 ? '' : size.min}..${size.max === Infinity ? '' : size.max}`;
}

export function unifySizes(a: InputSize, b: InputSize): InputSize | undefined {
  const low = Math.max(minOf(a), minOf(b));
  const high = Math.min(maxOf(a), maxOf(b));
  if (low > high) return undefined;
  if (low === high) return low;
  return low === 0 && high === Infinity ? -1 : { min: low, max: high };
}

const minOf = (size: InputSize): number => (typeof size === 'number' ? Math.max(size, 0) : size.min);

function maxOf(size: InputSize): number {
  if (typeof size !== 'number') return size.max;
  return size < 0 ? Infinity : size;
}
