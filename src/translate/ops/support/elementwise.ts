import type { Op } from '../../../ov/graph.ts';
import type { Translator } from '../../translator.ts';

export const unary =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0)], {});

export const binary =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0), node.input(1)], {});
