import { shapeEquals } from '../../../tensor/dim.ts';
import { sizeOf, tensorOf, vector } from '../../../tensor/tensor.ts';
import { Builder } from '../../builder.ts';
import { type EachBody, forEach } from '../../for-each.ts';
import { constantOf, type Node, type Value } from '../../graph.ts';
import { Add, Minimum, Multiply } from '../../ops/arithmetic.ts';
import { GreaterEqual, NotEqual } from '../../ops/comparison.ts';
import { Select } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { LogicalOr } from '../../ops/logical.ts';
import { ReduceLogicalOr, ReduceMax, ReduceSum } from '../../ops/reduction.ts';
import { isReshaping } from '../../reshaping.ts';
import { convert, reshape } from '../../shorthand.ts';
import { uniformElement } from '../../uniform-element.ts';
import { alignedAxis, type RowAxis, shapeWith } from './row-axis.ts';
import type { RowRegion } from './row-region.ts';
import { takesUniform } from './row-rules.ts';

/**
 * Returns the results of a region, computed in blocks of `size` rows: as many as there are before rows at the end that are
 * equal to the last one. Of these, one is computed, and taken for all.
 */
export function rowBlocks(b: Builder, region: RowRegion, size: number): readonly Value[] | undefined {
  const { count, sources, results, rowsOf } = region;
  const block = blockBody(region, size);
  if (block === undefined) return undefined;
  const numbers = range(b, count);
  const isOther = sources.map(source => differsFromLast(b, source, count)).reduce((x, y) => b.add(LogicalOr, [x, y]));
  const positions = b.add(Add, [numbers, b.scalar('i64', 1)]);
  /** The number of the first row that is equal to all that follow. */
  const first = b.add(ReduceMax, [b.add(Select, [isOther, positions, b.scalar('i64', 0)]), b.i64(0)]);
  const starts = b.constant(
    vector(
      'i64',
      Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size),
    ),
  );
  const isNeeded = convert(b, b.add(GreaterEqual, [first, starts]), 'i64');
  const slicings = results.map(result => {
    const { axis } = rowsOf(result)!;
    return { axis, start: 0, end: -1, stride: size, part_size: size };
  });
  const blocks = b.add(ReduceSum, [isNeeded, b.i64(0)]);
  const outputs = forEach(b, blocks, [...block.parameters.keys()], block, slicings);
  const rows = b.add(Minimum, [numbers, first]);
  return results.map((result, i) => {
    const all = b.add(Gather, [outputs[i]!, rows, b.scalar('i64', rowsOf(result)!.axis)]);
    return reshape(b, all, ...(result.shape as readonly number[]));
  });
}

const range = (b: Builder, count: number): Value =>
  b.constant(
    vector(
      'i64',
      Array.from({ length: count }, (_, i) => i),
    ),
  );

/** Whether each row has an element that the last one does not: boolean [count]. */
function differsFromLast(b: Builder, source: Value, count: number): Value {
  const last = b.add(Gather, [source, b.i64(count - 1), b.scalar('i64', 0)]);
  const isOther = b.add(NotEqual, [source, last]);
  const axes = source.shape.map((_, axis) => axis).slice(1);
  return axes.length === 0 ? isOther : b.add(ReduceLogicalOr, [isOther, b.i64(...axes)]);
}

/** What computes a block, whose number is that of the iteration. */
interface BlockBody extends EachBody {
  /** Its parameters, by the values that they stand for. */
  readonly parameters: ReadonlyMap<Value, Value>;
}

function blockBody(region: RowRegion, size: number): BlockBody | undefined {
  const { count, nodes, sources, results, rowsOf } = region;
  const b = new Builder();
  const block = b.parameter('block', 'i64', [1]);
  const start = b.add(Multiply, [block, b.scalar('i64', size)]);
  const rows = b.add(Minimum, [b.add(Add, [start, range(b, size)]), b.scalar('i64', count - 1)]);
  const parameters = new Map<Value, Value>();
  const parameter = (value: Value): Value => {
    const known = parameters.get(value) ?? b.parameter(`arg${parameters.size}`, value.type, value.shape);
    parameters.set(value, known);
    return known;
  };
  const moved = new Map<Value, Value>();
  for (const source of sources) moved.set(source, b.add(Gather, [parameter(source), rows, b.scalar('i64', 0)]));
  const shared = (value: Value): Value => (constantOf(value) === undefined ? parameter(value) : value);
  for (const node of nodes) {
    b.origin = node.name;
    const axis = rowsOf(node.outputs[0]!)!;
    const inputs = node.inputs.map(input => moved.get(input) ?? shortened(b, node, input, axis, size) ?? shared(input));
    const [output] = node.outputs as readonly [Value];
    const made = isReshaping(node)
      ? [reshape(b, inputs[0]!, ...shapeWith(output, axis, size))]
      : b.rebuild(node, inputs);
    if (!node.outputs.every((value, i) => shapeEquals(made[i]!.shape, shapeWith(value, axis, size)))) return undefined;
    node.outputs.forEach((value, i) => moved.set(value, made[i]!));
  }
  const outputs = results.map((result, i): [string, Value] => {
    const { axis } = rowsOf(result)!;
    const perRow = [...result.shape.slice(0, axis), size, -1, ...result.shape.slice(axis + 1)] as readonly number[];
    const value = moved.get(result)!;
    return [`result${i}`, rowsOf(result)!.per === 1 ? value : reshape(b, value, ...perRow)];
  });
  const inputs = new Map([...parameters.values()].map(value => [value.node.name, value]));
  return { name: 'rows', inputs, iteration: block, outputs: new Map(outputs), parameters };
}

/** A constant with equal rows that has as many of them as a block. */
function shortened(
  b: Builder,
  { op, outputs }: Node,
  input: Value,
  { axis, per }: RowAxis,
  size: number,
): Value | undefined {
  const element = takesUniform(op) ? uniformElement(input) : undefined;
  const own = alignedAxis(input, axis, outputs[0]!.shape.length);
  if (element === undefined || (input.shape[own] ?? 1) === 1) return undefined;
  const shape = shapeWith(input, { axis: own, per }, size);
  return b.constant(tensorOf(input.type, shape, new Array<number>(sizeOf(shape)).fill(element)));
}
