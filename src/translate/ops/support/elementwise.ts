import type { Op } from '../../../ov/graph.ts';
import type { Translator } from '../../translator.ts';

export const unary =
  (ovOp: Op): Translator =>
  (op, b) =>
    b.add(ovOp, [op.input(0)], {});

export const binary =
  (ovOp: Op): Translator =>
  (op, b) =>
    b.add(ovOp, [op.input(0), op.input(1)], {});
