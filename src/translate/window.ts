import { DecantError } from '../errors.ts';
import type { Window } from '../ov/ops/support/window.ts';
import { spatialOf } from './channel-order.ts';
import type { TfOp } from './tf-op.ts';

export function windowOf(op: TfOp, format: string): Window {
  const strides = spatialOf(op.ints('strides'), format);
  const none = strides.map(() => 0);
  const padding = op.string('padding');
  switch (padding) {
    case 'VALID':
      return { strides, pads_begin: none, pads_end: none, auto_pad: 'valid' };
    case 'SAME':
      return { strides, pads_begin: none, pads_end: none, auto_pad: 'same_upper' };
    case 'EXPLICIT': {
      const pads = op.ints('explicit_paddings');
      const pairs = spatialOf(
        Array.from({ length: pads.length / 2 }, (_, i) => i),
        format,
      );
      return {
        strides,
        pads_begin: pairs.map(i => pads[2 * i]!),
        pads_end: pairs.map(i => pads[2 * i + 1]!),
        auto_pad: 'explicit',
      };
    }
    default:
      throw new DecantError('malformed', `padding '${padding}' of ${op.type} is not VALID, SAME or EXPLICIT`);
  }
}
