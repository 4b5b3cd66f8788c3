import { bytesOf, sizeOf, tensorFromBytes } from '../../../tensor/tensor.ts';
import type { Builder } from '../../builder.ts';
import type { Node, Op, Value } from '../../graph.ts';
import { type BatchedValue, batched, unbatched } from './batched-value.ts';

/** What a rule sees: one value of each lane, made by ops of one type. */
export interface Branch {
  readonly values: readonly Value[];
  /** The node of the first lane. */
  readonly node: Node;
  /** Number of lanes. */
  readonly count: number;
  readonly b: Builder;
  /** The lanes of input `i`. */
  readonly input: (i: number) => BatchedValue | undefined;
  /** The lanes of any values, one of each lane. */
  readonly lanesOf: (values: readonly Value[]) => BatchedValue | undefined;
}

/** All lanes of one op at once; undefined where the rule does not know how. */
export type BatchingRule = (branch: Branch) => BatchedValue | undefined;

/** Rules by the type of the op, in the order in which they are tried. */
export type BatchingRules = ReadonlyMap<string, readonly BatchingRule[]>;

/** More nodes than a branch between a Concat and the common inputs has; a search that goes on longer is lost. */
const MOST_STEPS = 2000;

/** Constants of more elements than this are weights: no class has its own. */
const MOST_STACKED = 1 << 16;

/** Turns equal computations into one over all lanes. */
export class Batcher {
  readonly #b: Builder;
  readonly #rules: BatchingRules;
  readonly #memo = new Map<string, BatchedValue | undefined>();
  readonly #ids = new Map<Value, number>();

  constructor(b: Builder, rules: BatchingRules) {
    this.#b = b;
    this.#rules = rules;
  }

  /** The lanes of values of which value i belongs to lane i. */
  lanesOf(values: readonly Value[]): BatchedValue | undefined {
    const first = values[0]!;
    if (values.every(value => value === first)) return unbatched(first);
    const key = values.map(value => this.#idOf(value)).join(',');
    if (!this.#memo.has(key)) {
      // A computation that runs into itself has no lanes; graphs have no cycles, but searches have limits.
      if (this.#memo.size > MOST_STEPS) return undefined;
      this.#memo.set(key, undefined);
      this.#memo.set(key, this.#compute(values));
    }
    return this.#memo.get(key);
  }

  #idOf(value: Value): number {
    const id = this.#ids.get(value) ?? this.#ids.size;
    this.#ids.set(value, id);
    return id;
  }

  #compute(values: readonly Value[]): BatchedValue | undefined {
    const first = values[0]!;
    if (values.some(({ type, shape }) => type !== first.type || shape.length !== first.shape.length)) return undefined;
    if (values.every(({ node }) => node.constant !== undefined)) return stackConstants(values, this.#b);
    if (
      values.some(({ node }) => node.op.type !== first.node.op.type || node.inputs.length !== first.node.inputs.length)
    ) {
      return undefined;
    }
    const branch: Branch = {
      values,
      node: first.node,
      count: values.length,
      b: this.#b,
      input: i => (i < first.node.inputs.length ? this.lanesOf(values.map(({ node }) => node.inputs[i]!)) : undefined),
      lanesOf: others => this.lanesOf(others),
    };
    this.#b.origin = first.node.name;
    const common = sameOp(commonToAll)(branch);
    if (common !== undefined) return common;
    for (const rule of this.#rules.get(first.node.op.type) ?? []) {
      const lanes = rule(branch);
      if (lanes !== undefined) return lanes;
    }
    return undefined;
  }
}

function stackConstants(values: readonly Value[], b: Builder): BatchedValue | undefined {
  const tensors = values.map(value => value.node.constant!);
  const { type, shape } = tensors[0]!;
  const same = tensors.every(tensor => tensor.type === type && tensor.shape.join() === shape.join());
  if (!same || type === 'string' || sizeOf(shape) > MOST_STACKED) return undefined;
  const parts = tensors.map(bytesOf);
  if (parts.every(part => part.every((byte, i) => byte === parts[0]![i]))) return unbatched(values[0]!);
  const bytes = new Uint8Array(parts.length * parts[0]!.byteLength);
  parts.forEach((part, i) => {
    bytes.set(part, i * part.byteLength);
  });
  const whole = tensorFromBytes(type, [values.length, ...shape], bytes);
  return batched(b.constant(whole));
}

/** The same op on the same inputs is the same in every lane, whatever it does. */
const commonToAll: BatchingRule = ({ values, node, b, input }) => {
  if (node.inputs.length === 0) return undefined;
  const inputs = node.inputs.map((_, i) => input(i)).filter(lanes => lanes?.kind === 'uniform');
  if (inputs.length < node.inputs.length) return undefined;
  return unbatched(
    b.rebuild(
      node,
      inputs.map(lanes => lanes.value),
    )[values[0]!.index]!,
  );
};

/** A rule for lanes that do the same with inputs of their own. */
export const sameOp =
  (rule: BatchingRule): BatchingRule =>
  branch => {
    const { node, index } = branch.values[0]!;
    const attributes = attributesOf(node);
    const same = branch.values.every(
      value =>
        (value.node.op as unknown) === node.op && value.index === index && attributesOf(value.node) === attributes,
    );
    return same && node.bodies.length === 0 ? rule(branch) : undefined;
  };

const attributesOf = (node: Node): string =>
  Object.entries(node.op.attributes)
    .map(([name, codec]) => codec.write(node.attrs[name]))
    .join('|');

/** A rule list from ops to rules. */
export const rulesFor = (...entries: readonly (readonly [ops: readonly Op[], rule: BatchingRule])[]): BatchingRules => {
  const rules = new Map<string, BatchingRule[]>();
  for (const [ops, rule] of entries) {
    for (const { type } of ops) rules.set(type, [...(rules.get(type) ?? []), rule]);
  }
  return rules;
};
