import { Sigmoid } from '../../ov/ops/activation.ts';
import { Add, Multiply, Subtract, Tanh } from '../../ov/ops/arithmetic.ts';
import { MatMul } from '../../ov/ops/matrix.ts';
import { Split } from '../../ov/ops/movement.ts';
import type { Value } from '../../ov/graph.ts';
import { OneHot } from '../../ov/ops/sequence.ts';
import { concat, constantLike, convert } from '../../ov/shorthand.ts';
import type { Translators, Translator } from '../translator.ts';
import { blockLstm, lstmBlockCell } from './support/block-lstm.ts';
import { ctcGreedyDecoder } from './support/ctc-greedy-decoder.ts';

/** Inputs: x [batch, input], previous output, weights of both gates and of the candidate, and their biases. */
const gruBlockCell: Translator = (op, b) => {
  const [x, previous, gateWeights, weights, gateBias, bias] = op.inputs as [Value, Value, Value, Value, Value, Value];
  const affine = (state: Value, w: Value, offset: Value): Value =>
    b.add(Add, [b.add(MatMul, [concat(b, 1, [x, state]), w]), offset]);
  const gates = b.add(Sigmoid, [affine(previous, gateWeights, gateBias)]);
  const [reset, update] = b.addAll(Split, [gates, b.scalar('i64', 1)], { num_splits: 2 }) as [Value, Value];
  const candidate = b.add(Tanh, [affine(b.add(Multiply, [previous, reset]), weights, bias)]);
  const fresh = b.add(Multiply, [b.add(Subtract, [constantLike(b, update, 1), update]), candidate]);
  return [reset, update, candidate, b.add(Add, [fresh, b.add(Multiply, [update, previous])])];
};

export const sequence: Translators = {
  OneHot: (op, b) => {
    const axis = op.int('axis', -1);
    return b.add(
      OneHot,
      [convert(b, op.input(0), op.input(0).type === 'i64' ? 'i64' : 'i32'), op.input(1), op.input(2), op.input(3)],
      {
        axis: axis < 0 ? op.input(0).shape.length : axis,
      },
    );
  },
  CTCGreedyDecoder: ctcGreedyDecoder,
  LSTMBlockCell: lstmBlockCell,
  BlockLSTM: blockLstm,
  BlockLSTMV2: blockLstm,
  GRUBlockCell: gruBlockCell,
};
