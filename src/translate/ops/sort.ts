import { TopK } from '../../ov/ops/sort.ts';
import { convert, squeeze } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import type { Translators, Translator } from '../translator.ts';

const topK: Translator = (op, b) => {
  const x = op.input(0);
  const k = op.type === 'TopK' ? b.scalar('i32', op.int('k')) : op.input(1);
  const isSorted = op.bool('sorted', true);
  return b.addAll(TopK, [x, k], { axis: x.shape.length - 1, sort: isSorted ? 'value' : 'none', stable: isSorted });
};

const position =
  (mode: 'max' | 'min'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axis = op.inputs.length > 1 ? normalizeAxis(op.integer(1, 'axis'), x.shape.length) : 0;
    const [, indices] = b.addAll(TopK, [x, b.scalar('i64', 1)], { axis, mode, sort: 'value', stable: true });
    return convert(b, squeeze(b, indices!, axis), op.elementType('output_type', 'DT_INT64'));
  };

export const sort: Translators = {
  TopK: topK,
  TopKV2: topK,
  ArgMax: position('max'),
  ArgMin: position('min'),
};
