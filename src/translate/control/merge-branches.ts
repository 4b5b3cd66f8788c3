import type { Builder } from '../../ov/builder.ts';
import { is, type Node, type Value } from '../../ov/graph.ts';
import { Parameter } from '../../ov/ops/infrastructure.ts';
import { Select } from '../../ov/ops/condition.ts';
import { isStatic, shapeEquals } from '../../tensor/dim.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** Values of up to this many elements may be computed for both branches, because that costs less than to choose. */
const SMALL = 64;

/** How far behind a small value its computation may reach. */
const SHORT = 500;

/**
 * The value that is `a` where the condition holds and `b` elsewhere, without a branch: where both are made by the same op
 * it is made once of merged inputs, and where they differ in small values, these are selected. So the two ways to resize
 * a picture, which differ in the size they compute, are one resize to the size that is right.
 *
 * @param outside what the branches were given: computations end there
 * @returns undefined when a branch does more work of its own than a selection may cost
 */
export function mergeBranches(
  condition: Value,
  a: Value,
  b: Value,
  outside: ReadonlySet<Value>,
  builder: Builder,
): Value | undefined {
  const merged = new Map<Value, Map<Value, Value | undefined>>();

  const merge = (x: Value, y: Value): Value | undefined => {
    if (x === y || sameConstant(x, y)) return x;
    const known = merged.get(x) ?? new Map<Value, Value | undefined>();
    merged.set(x, known);
    if (!known.has(y)) known.set(y, compute(x, y));
    return known.get(y);
  };

  const compute = (x: Value, y: Value): Value | undefined => {
    if (x.type !== y.type || x.shape.length !== y.shape.length) return undefined;
    if (isSmall(x) && isSmall(y) && shapeEquals(x.shape, y.shape) && isCheap(x, outside) && isCheap(y, outside)) {
      return builder.add(Select, [condition, x, y]);
    }
    if (outside.has(x) || outside.has(y) || !sameOperation(x.node, y.node) || x.index !== y.index) return undefined;
    const inputs: Value[] = [];
    for (const [i, input] of x.node.inputs.entries()) {
      const both = merge(input, y.node.inputs[i]!);
      if (both === undefined) return undefined;
      inputs.push(both);
    }
    return builder.at(x.node.name, () => builder.rebuild(x.node, inputs))[x.index];
  };

  return merge(a, b);
}

const isSmall = ({ shape }: Value): boolean => isStatic(shape) && sizeOf(shape) <= SMALL;

function sameConstant(x: Value, y: Value): boolean {
  const [p, q] = [x.node.constant, y.node.constant];
  if (p === q) return p !== undefined;
  if (!isSmall(x)) return false;
  if (p === undefined || q?.type !== p.type || !shapeEquals(p.shape, q.shape)) return false;
  return (
    p.data.length === q.data.length && p.data.every((element: number | bigint, i: number) => element === q.data[i])
  );
}

function sameOperation(x: Node, y: Node): boolean {
  if ((x.op as unknown) !== y.op || x.constant !== undefined || is(x, Parameter) || x.bodies.length > 0) return false;
  if (x.inputs.length !== y.inputs.length) return false;
  return Object.entries(x.op.attributes).every(
    ([name, codec]) => codec.write(x.attrs[name]) === codec.write(y.attrs[name]),
  );
}

/** Whether a value comes from few operations on small values alone. */
function isCheap(value: Value, outside: ReadonlySet<Value>): boolean {
  const seen = new Set<Node>();
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (outside.has(next) || seen.has(next.node) || next.node.constant !== undefined) continue;
    if (!isSmall(next) || is(next.node, Parameter) || next.node.bodies.length > 0) return false;
    seen.add(next.node);
    if (seen.size > SHORT) return false;
    // The shape of a large value is as cheap as that of a small one.
    if (next.node.op.type !== 'ShapeOf') waiting.push(...next.node.inputs);
  }
  return true;
}
