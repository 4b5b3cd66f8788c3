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
import { cropped, padded, sized } from './fit.ts';
import { frameInput } from './frame.ts';
import type { InputSteps, OutputSteps, Preprocessing } from './steps.ts';

/**
 * The graph with frames as they come in the place of the picture that the model wants, and with outputs as they are wanted.
 *
 * Sizes and values change in f32. What the model takes as integers is rounded at the end, half to even, and cut to 0..255
 * where it is u8.
 *
 * @throws DecantError `not-found` for an input or output that is not there, `invalid-argument` for steps that do not go together
 */
export function addPreprocessing(graph: Graph, { input, outputs = {} }: Preprocessing): Graph {
  const fed = input === undefined ? graph : withFrames(graph, input);
  return Object.entries(outputs).reduce((current, [name, steps]) => withOutput(current, name, steps), fed);
}

/** The model's picture: which input it is, and how its axes stand. */
export interface ImageInputPort {
  readonly name: string;
  readonly value: Value;
  readonly layout: 'NHWC' | 'NCHW';
}

/** @throws DecantError `not-found` */
export function imageInputPort(graph: Graph, name: string | undefined): ImageInputPort {
  const pictures = [...graph.inputs].flatMap(([own, value]): ImageInputPort[] => {
    const layout =
      value.shape.length !== 4 ? undefined : value.shape[3] === 3 ? 'NHWC' : value.shape[1] === 3 ? 'NCHW' : undefined;
    return layout === undefined || (name !== undefined && name !== own) ? [] : [{ name: own, value, layout }];
  });
  const [first, ...others] = pictures;
  if (first !== undefined && others.length === 0) return first;
  const inputs = [...graph.inputs].map(([own, { type, shape }]) => `${own} ${type}${formatShape(shape)}`).join(', ');
  const which = name === undefined ? 'one input that takes a picture' : `input '${name}' that takes a picture`;
  throw new DecantError('not-found', `the model has no ${which}; its inputs are ${inputs}`);
}

function withFrames(graph: Graph, steps: InputSteps): Graph {
  const { name, value, layout } = imageInputPort(graph, steps.name);
  const b = new Builder(`${name}/preprocess`);
  const { inputs, rgb } = frameInput(b, name, steps, value.shape[0]!);
  const picture = prepared(b, rgb, value, layout, steps);
  const body = rewrite(graph, node => (node === value.node ? [picture] : undefined));
  const all = [...graph.inputs].flatMap(([own, each]) => (own === name ? [...inputs] : [[own, each] as const]));
  return { ...body, inputs: new Map(all) };
}

/** The picture that the model wants. */
function prepared(b: Builder, rgb: Value, wanted: Value, layout: 'NHWC' | 'NCHW', steps: InputSteps): Value {
  const { crop, pad, padValue = 0, mean, scale } = steps;
  const [height, width] = layout === 'NHWC' ? wanted.shape.slice(1, 3) : wanted.shape.slice(2);
  const hasSize = typeof height === 'number' && typeof width === 'number';
  if (!hasSize && (steps.resize ?? steps.fit) !== undefined) {
    throw new DecantError('invalid-argument', 'the model takes pictures of any size: there is none to resize to', {
      remedy: 'Fix one with --input-shape, or leave resize and fit out.',
    });
  }
  let x = crop === undefined ? rgb : cropped(b, rgb, crop);
  const isSized = !hasSize || (x.shape[1] === height && x.shape[2] === width);
  if (pad !== undefined || !isSized || (mean ?? scale) !== undefined) x = converted(b, x, 'f32');
  if (pad !== undefined) x = padded(b, x, pad, padValue);
  if (hasSize) x = sized(b, x, { height, width }, steps);
  if (mean !== undefined) x = b.add(Subtract, [x, colors(b, mean, 'mean')]);
  if (scale !== undefined) x = b.add(Divide, [x, colors(b, scale, 'scale')]);
  x = converted(b, x, wanted.type);
  return layout === 'NHWC' ? x : b.add(Transpose, [x, b.i64(0, 3, 1, 2)]);
}

function colors(b: Builder, values: number | readonly number[], what: string): Value {
  if (typeof values === 'number') return b.scalar('f32', values);
  if (values.length === 3) return b.constant(vector('f32', values));
  throw new DecantError(
    'invalid-argument',
    `${what} has ${values.length} values: it takes one, or one for each of R, G, B`,
  );
}

/** In another type; real numbers become the nearest integers, in the range of a byte where it is one. */
function converted(b: Builder, x: Value, type: ElementType): Value {
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
  const isOrder = order?.length === value.shape.length && value.shape.every((_, axis) => order.includes(axis));
  if (order !== undefined && !isOrder) {
    throw new DecantError(
      'invalid-argument',
      `[${order.join(',')}] is no order of the axes of '${name}' ${formatShape(value.shape)}`,
    );
  }
  const turned = order === undefined ? value : b.add(Transpose, [value, b.i64(...order)]);
  const result = type === undefined ? turned : converted(b, turned, type);
  return { ...graph, outputs: new Map([...graph.outputs].map(([own, each]) => [own, own === name ? result : each])) };
}
