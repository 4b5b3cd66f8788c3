import { DecantError } from '../errors.ts';
import { isElementType } from '../tensor/element-type.ts';
import { COLORS, FITS, type InputSteps, LAYOUTS, type Margins, type Preprocessing, RESIZES } from './steps.ts';

const ALIASES: Readonly<Record<string, string>> = {
  nv12: 'NV12_SINGLE_PLANE',
  i420: 'I420_SINGLE_PLANE',
  letterbox: 'fit_to_window_letterbox',
  stretch: 'standard',
  resize_linear: 'linear',
  resize_nearest: 'nearest',
  resize_cubic: 'cubic',
  resize_bilinear_pillow: 'bilinear_pillow',
  resize_bicubic_pillow: 'bicubic_pillow',
};

/** Returns preprocessing that is an object or the text of steps for the input as an object. */
export const toPreprocessing = <T extends Preprocessing | undefined>(given: string | T): Preprocessing | T =>
  typeof given === 'string' ? { input: parseSteps(given) } : given;

/**
 * Parses steps: a comma-separated list of words and `key=value`, in any order and case.
 *
 * The frame: `u8` (any element type), `nhwc` (layout), `bgr` (color), `size=480x640` (height x width). The steps:
 * `crop=l:t:r:b`, `pad=l:t:r:b`, `pad_value=114`, `resize=linear`, `fit=letterbox`, `mean=127.5` or `mean=r:g:b`, and
 * `scale` likewise. `input=name` selects the input.
 *
 * @throws DecantError `invalid-argument`
 */
export function parseSteps(text: string): InputSteps {
  let steps: InputSteps = {};
  for (const item of text.split(',').map(each => each.trim())) {
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(item) ?? [];
    const step = key === undefined ? wordStep(item) : keyStep(key.toLowerCase(), value!);
    if (step === undefined) throw unknownStep(item);
    const twice = Object.keys(step).find(each => each in steps);
    if (twice !== undefined) throw new DecantError('invalid-argument', `'${item}' sets ${twice} a second time`);
    steps = { ...steps, ...step };
  }
  return steps;
}

function wordStep(word: string): InputSteps | undefined {
  const lower = word.toLowerCase();
  if (isElementType(lower)) return { type: lower };
  const layout = oneOf(LAYOUTS, word);
  if (layout !== undefined) return { layout };
  const color = oneOf(COLORS, word);
  return color === undefined ? undefined : { color };
}

function keyStep(key: string, value: string): InputSteps | undefined {
  switch (key) {
    case 'input':
      return value === '' ? undefined : { name: value };
    case 'size': {
      const [, height, width] = /^(\d+)x(\d+)$/.exec(value) ?? [];
      return Number(height) > 0 && Number(width) > 0
        ? { size: { height: Number(height), width: Number(width) } }
        : undefined;
    }
    case 'crop':
    case 'pad': {
      const margins = toMargins(value);
      return margins && (key === 'crop' ? { crop: margins } : { pad: margins });
    }
    case 'pad_value': {
      const [number, ...more] = toNumbers(value) ?? [];
      return number === undefined || more.length > 0 ? undefined : { padValue: number };
    }
    case 'resize': {
      const resize = oneOf(RESIZES, value);
      return resize && { resize };
    }
    case 'fit': {
      const fit = oneOf(FITS, value);
      return fit && { fit };
    }
    case 'mean':
    case 'scale': {
      const numbers = toNumbers(value);
      if (numbers === undefined || (numbers.length !== 1 && numbers.length !== 3)) return undefined;
      const values = numbers.length === 1 ? numbers[0]! : numbers;
      return key === 'mean' ? { mean: values } : { scale: values };
    }
    default:
      return undefined;
  }
}

function oneOf<const W extends string>(words: readonly W[], given: string): W | undefined {
  const lower = given.toLowerCase();
  const meant = (ALIASES[lower] ?? lower).toLowerCase();
  return words.find(word => word.toLowerCase() === meant);
}

function toNumbers(text: string): readonly number[] | undefined {
  const parts = text.split(':');
  const numbers = parts.map(Number);
  return parts.every(part => part.trim() !== '') && numbers.every(Number.isFinite) ? numbers : undefined;
}

function toMargins(text: string): Margins | undefined {
  const numbers = toNumbers(text);
  if (numbers?.length !== 4 || !numbers.every(each => Number.isInteger(each) && each >= 0)) return undefined;
  const [left, top, right, bottom] = numbers as [number, number, number, number];
  return { left, top, right, bottom };
}

const unknownStep = (item: string): DecantError =>
  new DecantError('invalid-argument', `'${item}' is not a preprocessing step`, {
    remedy:
      'Separate steps with commas: u8, nhwc, bgr, size=480x640, crop=l:t:r:b, pad=l:t:r:b, pad_value=114, resize=linear, fit=letterbox, mean=127.5, scale=58.4:57.1:57.4.',
  });

export function formatSteps(steps: InputSteps): string {
  const { name, type, layout, color, size, crop, pad, padValue, resize, fit, mean, scale } = steps;
  const margins = (key: string, of: Margins | undefined): string | undefined =>
    of && `${key}=${of.left}:${of.top}:${of.right}:${of.bottom}`;
  const numbers = (key: string, of: number | readonly number[] | undefined): string | undefined =>
    of === undefined ? undefined : `${key}=${typeof of === 'number' ? of : of.join(':')}`;
  return [
    ...[type, layout?.toLowerCase(), color?.toLowerCase()],
    ...[name && `input=${name}`, size && `size=${size.height}x${size.width}`],
    ...[margins('crop', crop), margins('pad', pad), numbers('pad_value', padValue)],
    ...[resize && `resize=${resize}`, fit && `fit=${fit}`, numbers('mean', mean), numbers('scale', scale)],
  ]
    .filter(each => each !== undefined)
    .join(',');
}
