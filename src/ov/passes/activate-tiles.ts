import { isStatic } from '../../tensor/dim.ts';
import { sizeOf, tensor } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Value } from '../graph.ts';
import { Add } from '../ops/arithmetic.ts';
import { MatMul } from '../ops/matrix.ts';
import type { RewriteContext } from '../rewrite.ts';
import { reshape } from '../shorthand.ts';
import { ACTIVATIONS } from './activate-maps.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';
import { tileRowsOf } from './tile-rows.ts';

const MOVED = 'biases and activations moved to the outputs of tiles';

/** Add(Rows(x), bias)  ->  Rows(Add(x, bias of each tile)) */
const addToTiles = rule('add-to-tiles', MOVED, [Add], (node, context) => {
  const [map, bias] = node.inputs as readonly [Value, Value];
  const count = map.shape.at(-1);
  const size = constantOf(bias) && sizeOf(constantOf(bias)!.shape);
  if (size === undefined || (size !== 1 && (size !== count || bias.shape.at(-1) !== count))) return undefined;
  return beforeRows(map, context, outputs => {
    const { b } = context;
    if (!is(outputs.node, MatMul) || !isStatic(outputs.shape)) return undefined;
    return b.add(Add, [outputs, size === 1 ? bias : repeated(b, bias, outputs.shape[1]! / size)]);
  });
});

/** A row, as often as there are tiles: [1, tiles * count]. It is a product, so that the file holds the row only once. */
function repeated(b: Builder, row: Value, tiles: number): Value {
  const ones = b.constant(tensor('f32', [tiles, 1], new Float32Array(tiles).fill(1)));
  return reshape(b, b.add(MatMul, [ones, reshape(b, row, 1, -1)]), 1, -1);
}

/** f(Rows(x))  ->  Rows(f(x)) */
const activateTiles = rule('activate-tiles', MOVED, ACTIVATIONS, (node, context) =>
  beforeRows(node.inputs[0]!, context, outputs =>
    is(outputs.node, MatMul) || is(outputs.node, Add) ? context.b.rebuild(node, [outputs])[0] : undefined,
  ),
);

/** Applies `change` to the outputs of tiles, if nothing else reads the map that they are arranged as. */
function beforeRows(
  map: Value,
  { b, uses }: RewriteContext,
  change: (outputs: Value) => Value | undefined,
): readonly Value[] | undefined {
  const rows = tileRowsOf(map);
  if (rows === undefined || uses(map) !== 1) return undefined;
  if (![rows.outputs, ...rows.ops.map(op => op.outputs[0]!)].every(value => uses(value) === 1)) return undefined;
  const changed = change(rows.outputs);
  return changed && [rows.ops.reduce((value, op) => b.rebuild(op, [value, ...op.inputs.slice(1)])[0]!, changed)];
}

/** After this, OpenVINO computes biases and activations in the product that the outputs come from. */
export const activateOutputs = pass('activate-tiles', 'moves biases and activations to the outputs of tiles', [
  addToTiles,
  activateTiles,
]);
