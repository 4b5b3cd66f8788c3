import type { Op } from '../../../ov/graph.ts';
import type { Translator } from '../../translator.ts';

export const one =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0)], {});

export const two =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0), node.input(1)], {});
