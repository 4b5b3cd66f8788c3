import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Maximum, Multiply, Subtract } from '../../ov/ops/arithmetic.ts';
import { Broadcast } from '../../ov/ops/movement.ts';
import { ShapeOf } from '../../ov/ops/shape.ts';
import { Range } from '../../ov/ops/generation.ts';
import { convert } from '../../ov/shorthand.ts';
import type { Translators, Translator } from '../translator.ts';

export const countTo = (b: Builder, count: Value): Value =>
  b.add(Range, [b.scalar('i64', 0), count, b.scalar('i64', 1)], { output_type: 'i64' });

const linSpace: Translator = (op, b) => {
  const start = op.input(0);
  const stop = op.input(1);
  const count = convert(b, op.input(2), 'i64');
  const spans = b.add(Maximum, [b.add(Subtract, [count, b.scalar('i64', 1)]), b.scalar('i64', 1)]);
  const steps = convert(b, countTo(b, count), start.type);
  const step = b.add(Divide, [b.add(Subtract, [stop, start]), convert(b, spans, start.type)]);
  return b.add(Add, [start, b.add(Multiply, [steps, step])]);
};

export const filledLike = (b: Builder, x: Value, value: number, type = x.type): Value =>
  b.add(Broadcast, [b.scalar(type, value), b.add(ShapeOf, [x])]);

export const generation: Translators = {
  LinSpace: linSpace,
  Fill: (op, b) => b.add(Broadcast, [op.input(1), op.input(0)]),
  /** Its elements are undefined; zeros are deterministic. */
  Empty: (op, b) => b.add(Broadcast, [b.scalar(op.elementType('dtype'), 0), op.input(0)]),
  ZerosLike: (op, b) => filledLike(b, op.input(0), 0),
  OnesLike: (op, b) => filledLike(b, op.input(0), 1),
  Range: (op, b) => b.add(Range, [op.input(0), op.input(1), op.input(2)], { output_type: op.input(0).type }),
};
