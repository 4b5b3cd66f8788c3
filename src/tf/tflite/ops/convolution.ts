import { DecantError } from '../../../errors.ts';
import { flag, type RecordOf, scalar, table } from '../../../wire/flatbuffer.ts';
import { type Attrs, bool, ints, type LiteGraph, text } from '../lite-graph.ts';
import type { LiteOp, LiteTranslator } from '../lite-op.ts';

const conv2d = table('Conv2DOptions', {
  padding: scalar(0, 'int8'),
  strideW: scalar(1, 'int32'),
  strideH: scalar(2, 'int32'),
  activation: scalar(3, 'int8'),
  dilationW: scalar(4, 'int32', 1),
  dilationH: scalar(5, 'int32', 1),
});

const depthwise = table('DepthwiseConv2DOptions', {
  padding: scalar(0, 'int8'),
  strideW: scalar(1, 'int32'),
  strideH: scalar(2, 'int32'),
  multiplier: scalar(3, 'int32'),
  activation: scalar(4, 'int8'),
  dilationW: scalar(5, 'int32', 1),
  dilationH: scalar(6, 'int32', 1),
});

const conv3d = table('Conv3DOptions', {
  padding: scalar(0, 'int8'),
  strideD: scalar(1, 'int32'),
  strideW: scalar(2, 'int32'),
  strideH: scalar(3, 'int32'),
  activation: scalar(4, 'int8'),
  dilationD: scalar(5, 'int32', 1),
  dilationW: scalar(6, 'int32', 1),
  dilationH: scalar(7, 'int32', 1),
});

const fullyConnected = table('FullyConnectedOptions', {
  activation: scalar(0, 'int8'),
  format: scalar(1, 'int8'),
  keepsDims: flag(2),
});

const batchMatMul = table('BatchMatMulOptions', { adjX: flag(0), adjY: flag(1) });

export const paddingOf = (padding: number): Attrs => ({ padding: text(padding === 0 ? 'SAME' : 'VALID') });

function biased(op: LiteOp, graph: LiteGraph, x: string, index: number, activation: number): string {
  const sum = op.has(index) ? graph.add('BiasAdd', [x, op.input(index)]) : x;
  return op.activated(sum, activation);
}

type Window = Pick<RecordOf<typeof conv2d>, 'padding' | 'strideH' | 'strideW'> & {
  readonly dilationH?: number;
  readonly dilationW?: number;
};

const windowOf = ({ padding, strideH, strideW, dilationH = 1, dilationW = 1 }: Window): Attrs => ({
  ...paddingOf(padding),
  strides: ints([1, strideH, strideW, 1]),
  dilations: ints([1, dilationH, dilationW, 1]),
});

/** Filters are stored as [out, height, width, in]. */
const convolve: LiteTranslator = (op, graph) => {
  const options = op.options(conv2d);
  const filters = op.filters(1, [0, 3, 1, 2], [2, 3, 1, 0]);
  const x = graph.add('Conv2D', [op.input(0), filters], windowOf(options));
  return biased(op, graph, x, 2, options.activation);
};

/** Filters are stored as [1, height, width, in * multiplier]. */
const convolveDepthwise: LiteTranslator = (op, graph) => {
  const options = op.options(depthwise);
  const [, height, width, out] = op.tensor(1).shape;
  const channels = op.tensor(0).shape[3];
  if (height === undefined || width === undefined || out === undefined || channels === undefined) {
    throw new DecantError('malformed', 'its input and its filters need 4 dimensions');
  }
  const multiplier = channels > 0 ? out / channels : options.multiplier;
  if (!Number.isInteger(multiplier) || multiplier < 1) {
    throw new DecantError('malformed', `its filters have ${out} channels, for an input with ${channels}`);
  }
  const shape = [height, width, out / multiplier, multiplier];
  const filters = op.filters(1, [2, 3, 0, 1], [2, 3, 0, 1], shape);
  const x = graph.add('DepthwiseConv2dNative', [op.input(0), filters], windowOf(options));
  return biased(op, graph, x, 2, options.activation);
};

/** Filters are stored as [out, height, width, in]. */
const convolveTransposed: LiteTranslator = (op, graph) => {
  const options = op.options(conv2d);
  const filters = op.filters(1, [3, 0, 1, 2], [2, 3, 1, 0]);
  const x = graph.add('Conv2DBackpropInput', [op.input(0), filters, op.input(2)], windowOf(options));
  return biased(op, graph, x, 3, options.activation);
};

function attrs3d(op: LiteOp): Attrs {
  const options = op.options(conv3d);
  return {
    ...paddingOf(options.padding),
    strides: ints([1, options.strideD, options.strideH, options.strideW, 1]),
    dilations: ints([1, options.dilationD, options.dilationH, options.dilationW, 1]),
  };
}

const connect: LiteTranslator = (op, graph) => {
  const { format, keepsDims, activation } = op.options(fullyConnected);
  if (format !== 0) {
    throw new DecantError('unsupported', `${op.type} with shuffled weights is not supported`, {
      remedy: 'Convert the model again without shuffled weights.',
    });
  }
  const weights = op.filters(1, [0, 1], [0, 1]);
  const { shape } = op.tensor(0);
  const x = op.input(0);
  if (keepsDims && shape.length > 2) {
    const product = graph.add('BatchMatMulV2', [x, weights], { adj_y: bool(true) });
    return biased(op, graph, product, 2, activation);
  }
  const rows = shape.length === 2 && shape[1] === op.tensor(1).shape[1] ? x : flattened(op, graph, x);
  return biased(op, graph, graph.add('MatMul', [rows, weights], { transpose_b: bool(true) }), 2, activation);
};

const flattened = (op: LiteOp, graph: LiteGraph, x: string): string =>
  graph.add('Reshape', [x, graph.integers(-1, op.tensor(1).shape[1] ?? 1)]);

export const convolution: Readonly<Record<string, LiteTranslator>> = {
  BATCH_MATMUL: (op, graph) => {
    const { adjX, adjY } = op.options(batchMatMul);
    return graph.add('BatchMatMulV2', [op.input(0), op.input(1)], { adj_x: bool(adjX), adj_y: bool(adjY) });
  },
  CONV_2D: convolve,
  CONV_3D: (op, graph) => {
    const x = graph.add('Conv3D', [op.input(0), op.input(1)], attrs3d(op));
    return biased(op, graph, x, 2, op.options(conv3d).activation);
  },
  CONV_3D_TRANSPOSE: (op, graph) => {
    const x = graph.add('Conv3DBackpropInputV2', [op.input(0), op.input(1), op.input(2)], attrs3d(op));
    return biased(op, graph, x, 3, op.options(conv3d).activation);
  },
  DEPTHWISE_CONV_2D: convolveDepthwise,
  FULLY_CONNECTED: connect,
  TRANSPOSE_CONV: convolveTransposed,
};
