import { DecantError } from '../errors.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Divide, Round, Subtract } from '../ov/ops/arithmetic.ts';
import { Transpose } from '../ov/ops/movement.ts';
import { Clamp } from '../ov/ops/activation.ts';
import { Convert } from '../ov/ops/type.ts';
import { rewrite } from '../ov/rewrite.ts';
import { formatShape } from '../tensor/dim.ts';
import { type ElementType, isReal } from '../tensor/element-type.ts';
import { vector } from '../tensor/tensor.ts';
import { crop as cropImage, fitImage, pad as padImage } from './fit.ts';
import { frameInput } from './frame.ts';
import { imageInputPort } from './image-input-port.ts';
import type { InputSteps, OutputSteps, Preprocessing } from './steps.ts';

/**
 * Adds preprocessing of the image input, and conversions of outputs, to a graph. Resizing and arithmetic run in f32. For an
 * integer input, the result is rounded half to even, and clamped to 0..255 for u8.
 */
export function addPreprocessing(graph: Graph, { input, outputs = {} }: Preprocessing): Graph {
  const fed = input === undefined ? graph : withFrames(graph, input);
  return Object.entries(outputs).reduce((current, [name, steps]) => withOutput(current, name, steps), fed);
}

function withFrames(graph: Graph, steps: InputSteps): Graph {
  const { name, value, layout } = imageInputPort(graph, steps.name);
  const b = new Builder(`${name}/preprocess`);
  const { inputs, rgb } = frameInput(b, name, steps, value.shape[0]!);
  const image = toImage(b, rgb, value, layout, steps);
  const body = rewrite(graph, node => (node === value.node ? [image] : undefined));
  const all = [...graph.inputs].flatMap(([own, each]) => (own === name ? [...inputs] : [[own, each] as const]));
  return { ...body, inputs: new Map(all) };
}

function toImage(b: Builder, rgb: Value, wanted: Value, layout: 'NHWC' | 'NCHW', steps: InputSteps): Value {
  const { crop, pad, padValue = 0, mean, scale } = steps;
  const [height, width] = layout === 'NHWC' ? wanted.shape.slice(1, 3) : wanted.shape.slice(2);
  const hasSize = typeof height === 'number' && typeof width === 'number';
  if (!hasSize && (steps.resize ?? steps.fit) !== undefined) {
    throw new DecantError('invalid-argument', 'the model takes images of any size, so there is no size to resize to', {
      remedy: 'Fix the size with --input-shape, or leave resize and fit out.',
    });
  }
  let x = crop === undefined ? rgb : cropImage(b, rgb, crop);
  const isSized = !hasSize || (x.shape[1] === height && x.shape[2] === width);
  if (pad !== undefined || !isSized || (mean ?? scale) !== undefined) x = convertTo(b, x, 'f32');
  if (pad !== undefined) x = padImage(b, x, pad, padValue);
  if (hasSize) x = fitImage(b, x, { height, width }, steps);
  if (mean !== undefined) x = b.add(Subtract, [x, colors(b, mean, 'mean')]);
  if (scale !== undefined) x = b.add(Divide, [x, colors(b, scale, 'scale')]);
  x = convertTo(b, x, wanted.type);
  return layout === 'NHWC' ? x : b.add(Transpose, [x, b.i64(0, 3, 1, 2)]);
}

function colors(b: Builder, values: number | readonly number[], what: string): Value {
  if (typeof values === 'number') return b.scalar('f32', values);
  if (values.length === 3) return b.constant(vector('f32', values));
  throw new DecantError(
    'invalid-argument',
    `${what} has ${values.length} values; it takes one, or one each for R, G and B`,
  );
}

function convertTo(b: Builder, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const rounded = isReal(x.type) && !isReal(type) ? b.add(Round, [x]) : x;
  const inside = rounded !== x && type === 'u8' ? b.add(Clamp, [rounded], { min: 0, max: 255 }) : rounded;
  return b.add(Convert, [inside], { destination_type: type });
}

function withOutput(graph: Graph, name: string, { type, order }: OutputSteps): Graph {
  const value = graph.outputs.get(name);
  if (value === undefined) {
    throw new DecantError('not-found', `there is no output '${name}'`, {
      remedy: `The outputs are ${[...graph.outputs.keys()].join(', ')}.`,
    });
  }
  const b = new Builder(`${name}/postprocess`);
  const isPermutation = order?.length === value.shape.length && value.shape.every((_, axis) => order.includes(axis));
  if (order !== undefined && !isPermutation) {
    throw new DecantError(
      'invalid-argument',
      `[${order.join(',')}] is not a permutation of the axes of '${name}' ${formatShape(value.shape)}`,
    );
  }
  const transposed = order === undefined ? value : b.add(Transpose, [value, b.i64(...order)]);
  const result = type === undefined ? transposed : convertTo(b, transposed, type);
  return { ...graph, outputs: new Map([...graph.outputs].map(([own, each]) => [own, own === name ? result : each])) };
}
