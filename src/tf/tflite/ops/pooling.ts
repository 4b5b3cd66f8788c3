import { flag, scalar, table } from '../../../wire/flatbuffer.ts';
import { type Attrs, bool, float, int, ints, type LiteGraph } from '../lite-graph.ts';
import type { LiteOp, LiteTranslator } from '../lite-op.ts';
import { paddingOf } from './convolution.ts';

const pool = table('Pool2DOptions', {
  padding: scalar(0, 'int8'),
  strideW: scalar(1, 'int32'),
  strideH: scalar(2, 'int32'),
  width: scalar(3, 'int32'),
  height: scalar(4, 'int32'),
  activation: scalar(5, 'int8'),
});

const reducer = table('ReducerOptions', { keepsDims: flag(0) });

const responses = table('LocalResponseNormalizationOptions', {
  radius: scalar(0, 'int32'),
  bias: scalar(1, 'float'),
  alpha: scalar(2, 'float'),
  beta: scalar(3, 'float'),
});

/** Below this length, vectors are divided by it instead. */
const SHORTEST = 1e-6;

function windowOf(op: LiteOp): Attrs {
  const { padding, strideW, strideH, width, height } = op.options(pool);
  return { ...paddingOf(padding), ksize: ints([1, height, width, 1]), strides: ints([1, strideH, strideW, 1]) };
}

const pooled = (op: LiteOp, x: string): string => op.activated(x, op.options(pool).activation);

const reduce =
  (tfOp: string): LiteTranslator =>
  (op, graph) =>
    graph.add(tfOp, [op.input(0), op.input(1)], { keep_dims: bool(op.options(reducer).keepsDims) });

const averageSquares = (op: LiteOp, graph: LiteGraph): string =>
  graph.add('AvgPool', [graph.add('Square', [op.input(0)])], windowOf(op));

export const pooling: Readonly<Record<string, LiteTranslator>> = {
  AVERAGE_POOL_2D: (op, graph) => pooled(op, graph.add('AvgPool', [op.input(0)], windowOf(op))),
  L2_NORMALIZATION: (op, graph) => {
    const x = op.input(0);
    const sum = graph.add('Sum', [graph.add('Square', [x]), graph.integers(-1)], { keep_dims: bool(true) });
    const length = graph.add('Maximum', [graph.add('Sqrt', [sum]), graph.number(SHORTEST)]);
    return graph.add('RealDiv', [x, length]);
  },
  L2_POOL_2D: (op, graph) => pooled(op, graph.add('Sqrt', [averageSquares(op, graph)])),
  LOCAL_RESPONSE_NORMALIZATION: (op, graph) => {
    const { radius, bias, alpha, beta } = op.options(responses);
    const attrs = { depth_radius: int(radius), bias: float(bias), alpha: float(alpha), beta: float(beta) };
    return graph.add('LRN', [op.input(0)], attrs);
  },
  MAX_POOL_2D: (op, graph) => pooled(op, graph.add('MaxPool', [op.input(0)], windowOf(op))),
  MEAN: reduce('Mean'),
  REDUCE_ALL: reduce('All'),
  REDUCE_ANY: reduce('Any'),
  REDUCE_MAX: reduce('Max'),
  REDUCE_MIN: reduce('Min'),
  REDUCE_PROD: reduce('Prod'),
  SUM: reduce('Sum'),
};
