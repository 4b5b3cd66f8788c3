import type { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Divide, Floor, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Gather } from '../ov/ops/gather.ts';
import { ShapeOf } from '../ov/ops/shape.ts';
import { Convert } from '../ov/ops/type.ts';
import { fittedTo } from '../preprocess/fit.ts';
import type { Extent } from '../preprocess/geometry.ts';
import type { InputSteps } from '../preprocess/steps.ts';
import { vector } from '../tensor/tensor.ts';

/** The area of the frame that the network sees, in fractions of the frame: y and x, height and width, each f32 [2]. */
export interface FrameArea {
  readonly start: Value;
  readonly length: Value;
}

/**
 * `areaOf` in preprocess/geometry.ts as operations, for frames of any size; undefined if the network sees the whole frame.
 *
 * @param name the image input without the steps
 * @param model its size, which `fit` needs
 */
export function frameArea(
  b: Builder,
  graph: Graph,
  name: string,
  steps: InputSteps,
  model: Extent | undefined,
): FrameArea | undefined {
  const { crop, pad, fit = 'standard' } = steps;
  if (crop === undefined && pad === undefined && (fit === 'standard' || model === undefined)) return undefined;
  const pair = (y: number, x: number): Value => b.constant(vector('f32', [y, x]));
  const frame = frameSize(b, graph, name, steps);
  const start = pair(marginOf(steps, 'top'), marginOf(steps, 'left'));
  const inside = sizeInside(b, frame, steps);
  const fractions = (x: Value): Value => b.add(Divide, [x, frame]);
  if (fit === 'standard' || model === undefined) return { start: fractions(start), length: fractions(inside) };
  const target = pair(model.height, model.width);
  const inner = fittedTo(b, inside, model);
  const scale = b.add(Divide, [inside, inner]);
  const room = b.add(Multiply, [b.add(Subtract, [target, inner]), b.scalar('f32', 0.5)]);
  const before = fit === 'fit_to_window' ? pair(0, 0) : b.add(Floor, [room]);
  return {
    start: fractions(b.add(Subtract, [start, b.add(Multiply, [before, scale])])),
    length: fractions(b.add(Multiply, [target, scale])),
  };
}

/**
 * Height and width of the image that the network sees: f32 [2].
 *
 * @param name the image input without the steps
 * @param model its size, if it is fixed
 */
export const imageSize = (
  b: Builder,
  graph: Graph,
  name: string,
  steps: InputSteps,
  model: Extent | undefined,
): Value =>
  model === undefined
    ? sizeInside(b, frameSize(b, graph, name, steps), steps)
    : b.constant(vector('f32', [model.height, model.width]));

const marginOf = ({ crop, pad }: InputSteps, side: 'left' | 'top' | 'right' | 'bottom'): number =>
  (crop?.[side] ?? 0) - (pad?.[side] ?? 0);

function sizeInside(b: Builder, frame: Value, steps: InputSteps): Value {
  const cut = [marginOf(steps, 'top') + marginOf(steps, 'bottom'), marginOf(steps, 'left') + marginOf(steps, 'right')];
  return b.add(Subtract, [frame, b.constant(vector('f32', cut))]);
}

function frameSize(b: Builder, graph: Graph, name: string, { size, layout = 'NHWC', color }: InputSteps): Value {
  if (size !== undefined) return b.constant(vector('f32', [size.height, size.width]));
  const frame = graph.inputs.get(name) ?? graph.inputs.get(`${name}/y`)!;
  const first = layout.indexOf('H');
  const shape = b.add(ShapeOf, [frame], { output_type: 'i64' });
  const sizes = b.add(Gather, [shape, b.i64(first, first + 1), b.scalar('i64', 0)]);
  const pixels = b.add(Convert, [sizes], { destination_type: 'f32' });
  // The chroma planes follow the luma plane, and add half its height.
  const hasPlanesBelow = color?.endsWith('SINGLE_PLANE') === true;
  return hasPlanesBelow ? b.add(Multiply, [pixels, b.constant(vector('f32', [2 / 3, 1]))]) : pixels;
}
