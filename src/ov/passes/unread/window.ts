import { dimEquals } from '../../../tensor/dim.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { Convolution, GroupConvolution } from '../../ops/convolution.ts';
import { AvgPool, MaxPool } from '../../ops/pooling.ts';
import type { Window } from '../../ops/support/window.ts';
import type { Steps } from './steps.ts';

/** A window that moves over a map [N, C, H, W] in strides. */
interface PaddedWindow {
  readonly kernel: readonly number[];
  readonly strides: Steps;
  readonly pads_begin: readonly number[];
  readonly pads_end: readonly number[];
}

/** Returns the window of a convolution or a pool, with explicit padding. */
export function windowOf(node: Node): PaddedWindow | undefined {
  if (node.outputs[0]?.shape.length !== 4) return undefined;
  if (is(node, Convolution) || is(node, GroupConvolution)) {
    const kernel = node.inputs[1]!.shape.slice(-2);
    if (!kernel.every(size => typeof size === 'number')) return undefined;
    return padded(node, kernel, node.attrs.dilations, node.attrs);
  }
  if (!is(node, MaxPool) && !is(node, AvgPool)) return undefined;
  return node.attrs.rounding_type === 'floor' ? padded(node, node.attrs.kernel, [1, 1], node.attrs) : undefined;
}

export const isSinglePosition = ({ kernel, pads_begin, pads_end }: PaddedWindow): boolean =>
  kernel.every(size => size === 1) && [...pads_begin, ...pads_end].every(pad => pad === 0);

function padded(
  { inputs, outputs }: Node,
  kernel: readonly number[],
  dilations: readonly number[],
  { strides: given, auto_pad, pads_begin, pads_end }: Window,
): PaddedWindow | undefined {
  const strides: Steps = [given[0]!, given[1]!];
  const window = { kernel, strides };
  if (auto_pad === 'explicit') return { ...window, pads_begin, pads_end };
  if (auto_pad === 'valid' || kernel.every(size => size === 1))
    return { ...window, pads_begin: [0, 0], pads_end: [0, 0] };
  const totals: number[] = [];
  for (const axis of [0, 1]) {
    const size = inputs[0]!.shape[axis + 2];
    const count = outputs[0]!.shape[axis + 2];
    if (typeof size !== 'number' || typeof count !== 'number') return undefined;
    const extent = (kernel[axis]! - 1) * dilations[axis]! + 1;
    totals.push(Math.max(0, (count - 1) * strides[axis]! + extent - size));
  }
  const less = totals.map(total => Math.floor(total / 2));
  const more = totals.map(total => Math.ceil(total / 2));
  const isUpper = auto_pad === 'same_upper';
  return { ...window, pads_begin: isUpper ? less : more, pads_end: isUpper ? more : less };
}

/** Returns the inputs of an elementwise op that are maps of the size of its output. The others have no height and width. */
export function mapInputs({ op, inputs, outputs }: Node): readonly Value[] {
  const [height, width] = outputs[0]?.shape.slice(2) ?? [];
  if (op.traits?.elementwise !== true || outputs.length !== 1 || outputs[0]!.shape.length !== 4) return [];
  const data = op.traits.broadcast === undefined ? inputs.slice(0, 1) : inputs;
  const maps = data.filter(
    ({ shape }) => shape.length === 4 && dimEquals(shape[2]!, height!) && dimEquals(shape[3]!, width!),
  );
  const others = data.filter(input => !maps.includes(input));
  return others.every(({ shape }) => shape.slice(-2).every(size => size === 1)) ? maps : [];
}
