import { flag, numbers, scalar, table } from '../../../wire/flatbuffer.ts';
import { type Attrs, bool, float, floats, int, type } from '../lite-graph.ts';
import { type LiteOp, type LiteTranslator, realType } from '../lite-op.ts';

/** An op with the inputs and outputs of TensorFlow's op of another name. */
export const direct =
  (op: string, attrs: (op: LiteOp) => Attrs = () => ({})): LiteTranslator =>
  (lite, graph) =>
    graph.addAll(op, lite.outputs.length, lite.all(), { T: realType(lite.output(0)), ...attrs(lite) });

const activation = (id: number) => table('options', { activation: scalar(id, 'int8') });

/** Adds the activation at field `id` of the options. */
const withActivation =
  (id: number, translate: LiteTranslator): LiteTranslator =>
  (op, graph) => {
    const result = translate(op, graph);
    return op.activated(typeof result === 'string' ? result : result[0]!, op.options(activation(id)).activation);
  };

const softmax = table('SoftmaxOptions', { beta: scalar(0, 'float') });
const leakyRelu = table('LeakyReluOptions', { alpha: scalar(0, 'float') });
const gelu = table('GeluOptions', { approximate: flag(0) });
const bucketize = table('BucketizeOptions', { boundaries: numbers(0, 'float') });
const fakeQuant = table('FakeQuantOptions', {
  min: scalar(0, 'float'),
  max: scalar(1, 'float'),
  bits: scalar(2, 'int32'),
  narrow: flag(3),
});

const clipped =
  (low: number, high: number): LiteTranslator =>
  (op, graph) =>
    graph.add('ClipByValue', [op.input(0), graph.number(low), graph.number(high)]);

export const elementwise: Readonly<Record<string, LiteTranslator>> = {
  ABS: direct('Abs'),
  ADD: withActivation(0, direct('AddV2')),
  ADD_N: direct('AddN'),
  ATAN2: direct('Atan2'),
  BITWISE_XOR: direct('BitwiseXor'),
  BUCKETIZE: direct('Bucketize', op => ({ boundaries: floats(op.options(bucketize).boundaries ?? []) })),
  CAST: (op, graph) =>
    graph.add('Cast', [op.integers(0)], { SrcT: type(op.tensor(0).dtype), DstT: type(op.output(0).dtype) }),
  CEIL: direct('Ceil'),
  COS: direct('Cos'),
  DEQUANTIZE: (op, graph) => graph.add('Cast', [op.input(0)], { SrcT: realType(op.tensor(0)), DstT: type('DT_FLOAT') }),
  DIV: withActivation(0, (op, graph) => direct(isReal(op) ? 'RealDiv' : 'TruncateDiv')(op, graph)),
  ELU: direct('Elu'),
  EQUAL: direct('Equal'),
  EXP: direct('Exp'),
  FAKE_QUANT: direct('FakeQuantWithMinMaxArgs', op => {
    const { min, max, bits, narrow } = op.options(fakeQuant);
    return { min: float(min), max: float(max), num_bits: int(bits), narrow_range: bool(narrow) };
  }),
  FLOOR: direct('Floor'),
  FLOOR_DIV: direct('FloorDiv'),
  FLOOR_MOD: direct('FloorMod'),
  GELU: direct('Addons>Gelu', op => ({ approximate: bool(op.options(gelu).approximate) })),
  GREATER: direct('Greater'),
  GREATER_EQUAL: direct('GreaterEqual'),
  HARD_SWISH: (op, graph) => {
    const x = op.input(0);
    const gate = graph.add('Relu6', [graph.add('AddV2', [x, graph.number(3)])]);
    return graph.add('Mul', [graph.add('Mul', [x, gate]), graph.number(1 / 6)]);
  },
  LEAKY_RELU: direct('LeakyRelu', op => ({ alpha: float(op.options(leakyRelu).alpha) })),
  LESS: direct('Less'),
  LESS_EQUAL: direct('LessEqual'),
  LOG: direct('Log'),
  LOGICAL_AND: direct('LogicalAnd'),
  LOGICAL_NOT: direct('LogicalNot'),
  LOGICAL_OR: direct('LogicalOr'),
  LOGISTIC: direct('Sigmoid'),
  LOG_SOFTMAX: direct('LogSoftmax'),
  MAXIMUM: direct('Maximum'),
  MINIMUM: direct('Minimum'),
  MUL: withActivation(0, direct('Mul')),
  NEG: direct('Neg'),
  NOT_EQUAL: direct('NotEqual'),
  POW: direct('Pow'),
  PRELU: direct('Prelu'),
  QUANTIZE: (op, graph) => graph.add('Identity', [op.input(0)]),
  RELU: direct('Relu'),
  RELU6: direct('Relu6'),
  RELU_0_TO_1: clipped(0, 1),
  RELU_N1_TO_1: clipped(-1, 1),
  RIGHT_SHIFT: direct('RightShift'),
  ROUND: direct('Round'),
  RSQRT: direct('Rsqrt'),
  SELECT: direct('Select'),
  SELECT_V2: direct('SelectV2'),
  SIGN: direct('Sign'),
  SIN: direct('Sin'),
  SOFTMAX: (op, graph) => {
    const { beta } = op.options(softmax);
    const x = op.input(0);
    return graph.add('Softmax', [beta === 1 ? x : graph.add('Mul', [x, graph.number(beta)])]);
  },
  SQRT: direct('Sqrt'),
  SQUARE: direct('Square'),
  SQUARED_DIFFERENCE: direct('SquaredDifference'),
  SUB: withActivation(0, direct('Sub')),
  TANH: direct('Tanh'),
  ZEROS_LIKE: direct('ZerosLike'),
};

const isReal = (op: LiteOp): boolean => realType(op.output(0)).value === 'DT_FLOAT';
