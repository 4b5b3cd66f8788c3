import { freshDim } from '../../tensor/dim.ts';
import { number } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { axisOf, checkRankOf } from './support/infer.ts';

export const OneHot = defineOp({
  type: 'OneHot',
  opset: 'opset1',
  arity: 4,
  attributes: { axis: number() },
  infer: ([indices, depth, on], { axis }) => {
    checkRankOf('the depth of OneHot', depth!, 0, 1);
    const count = depth!.partialValue?.[0] ?? freshDim();
    const at = axisOf(axis, indices!.shape.length + 1);
    return [{ type: on!.type, shape: [...indices!.shape.slice(0, at), count, ...indices!.shape.slice(at)] }];
  },
});
