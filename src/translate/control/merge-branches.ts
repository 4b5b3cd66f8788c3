import { attributeKey } from '../../ov/attributes.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Node, type Value } from '../../ov/graph.ts';
import { Parameter } from '../../ov/ops/infrastructure.ts';
import { Select } from '../../ov/ops/condition.ts';
import { isStatic, shapeEquals } from '../../tensor/dim.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** Values of up to this many elements are computed for both branches, which is cheaper than an If. */
const SMALL = 64;

const MAX_CHEAP_NODES = 500;

/**
 * Returns `condition ? a : b` without a branch: the same operation in both branches becomes one, on merged inputs, and
 * small values are selected. For example, two branches that resize an image to different sizes become one resize to the
 * selected size. Undefined if the branches do different work that is too expensive to do for both.
 *
 * @param outside arguments of the branches, where their computations start
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
    const ofX = merged.get(x) ?? new Map<Value, Value | undefined>();
    merged.set(x, ofX);
    if (!ofX.has(y)) ofX.set(y, compute(x, y));
    return ofX.get(y);
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
  const p = x.node.constant;
  const q = y.node.constant;
  if (p === q) return p !== undefined;
  if (!isSmall(x)) return false;
  if (p === undefined || q?.type !== p.type || !shapeEquals(p.shape, q.shape)) return false;
  return (
    p.data.length === q.data.length && p.data.every((element: number | bigint, i: number) => element === q.data[i])
  );
}

function sameOperation(x: Node, y: Node): boolean {
  if ((x.op as unknown) !== y.op || x.constant !== undefined || is(x, Parameter) || x.bodies.length > 0) return false;
  return x.inputs.length === y.inputs.length && attributeKey(x) === attributeKey(y);
}

function isCheap(value: Value, outside: ReadonlySet<Value>): boolean {
  const seen = new Set<Node>();
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (outside.has(next) || seen.has(next.node) || next.node.constant !== undefined) continue;
    if (!isSmall(next) || is(next.node, Parameter) || next.node.bodies.length > 0) return false;
    seen.add(next.node);
    if (seen.size > MAX_CHEAP_NODES) return false;
    // ShapeOf does not compute its input.
    if (next.node.op.type !== 'ShapeOf') waiting.push(...next.node.inputs);
  }
  return true;
}
