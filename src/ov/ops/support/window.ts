import { type Dim, dimAdd, dimCeilDiv, dimFloorDiv, dimMul, dimSub } from '../../../tensor/dim.ts';
import { word } from '../../attributes.ts';
import { checkIntegers, shapeMismatch } from './infer.ts';

export const autoPad = word(['explicit', 'same_upper', 'same_lower', 'valid']);

export interface Window {
  readonly strides: readonly number[];
  readonly pads_begin: readonly number[];
  readonly pads_end: readonly number[];
  readonly auto_pad: 'explicit' | 'same_upper' | 'same_lower' | 'valid';
}

/** @throws DecantError `malformed` if the attributes do not fit the number of spatial axes */
export function checkWindow({ strides, pads_begin, pads_end, auto_pad }: Window, spatial: number): void {
  checkIntegers('the strides', strides, spatial, 1);
  if (auto_pad !== 'explicit') return;
  checkIntegers('pads_begin', pads_begin, spatial, -Infinity);
  checkIntegers('pads_end', pads_end, spatial, -Infinity);
}

export function windowPositions(size: Dim, extent: Dim, i: number, window: Window, ceil = false): Dim {
  const stride = window.strides[i]!;
  const same = window.auto_pad === 'same_upper' || window.auto_pad === 'same_lower';
  if (same) return dimCeilDiv(size, stride);
  const pads = window.auto_pad === 'valid' ? 0 : window.pads_begin[i]! + window.pads_end[i]!;
  const room = dimSub(dimAdd(size, pads), extent);
  const positions = dimAdd(ceil ? dimCeilDiv(room, stride) : dimFloorDiv(room, stride), 1);
  if (typeof positions === 'number' && positions < 1)
    throw shapeMismatch(`a window of size ${String(extent)} does not fit an axis of size ${String(size)}`);
  return positions;
}

export const dilated = (kernel: Dim, dilation: number): Dim => dimAdd(dimMul(dimSub(kernel, 1), dilation), 1);

/** Positions of padding before an axis, for a number of output positions that is known. */
export function padBefore(window: Window, i: number, size: number, extent: number, positions: number): number {
  const total = Math.max(0, (positions - 1) * window.strides[i]! + extent - size);
  return {
    explicit: window.pads_begin[i]!,
    valid: 0,
    same_upper: Math.floor(total / 2),
    same_lower: Math.ceil(total / 2),
  }[window.auto_pad];
}
