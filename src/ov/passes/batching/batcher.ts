import { bytesOf, sizeOf, tensorFromBytes } from '../../../tensor/tensor.ts';
import { allDefined } from '../../all-defined.ts';
import { attributeKey } from '../../attributes.ts';
import type { Builder } from '../../builder.ts';
import type { Node, Op, Value } from '../../graph.ts';
import { type BatchedValue, batched, unbatched } from './batched-value.ts';

/**
 * One value per copy of a computation. All are computed by the same op, and have the same type and rank. `node` computes
 * the first copy.
 */
export interface Copies {
  readonly values: readonly Value[];
  readonly node: Node;
  readonly size: number;
  readonly b: Builder;
  readonly input: (i: number) => BatchedValue | undefined;
  readonly batch: (values: readonly Value[]) => BatchedValue | undefined;
}

export type BatchingRule = (copies: Copies) => BatchedValue | undefined;

export interface BatchingRules {
  /** Rules that find a value that the copies are parts of. The attributes of the copies may differ. */
  unstacking(op: Op): readonly BatchingRule[];
  /** Rules for copies that differ only in their inputs. */
  batching(op: Op): readonly BatchingRule[];
}

/** More values than a copy computes between the common inputs and the Concat. */
const VALUE_LIMIT = 2000;

/** Larger constants are weights, which are not per class. */
const CONSTANT_LIMIT = 1 << 16;

export class Batcher {
  readonly #b: Builder;
  readonly #rules: BatchingRules;
  readonly #memo = new Map<string, BatchedValue | undefined>();
  readonly #ids = new Map<Value, number>();

  constructor(b: Builder, rules: BatchingRules) {
    this.#b = b;
    this.#rules = rules;
  }

  batch(values: readonly Value[]): BatchedValue | undefined {
    const first = values[0]!;
    if (values.every(value => value === first)) return unbatched(first);
    const key = values.map(value => this.#idOf(value)).join(',');
    if (!this.#memo.has(key)) {
      if (this.#memo.size > VALUE_LIMIT) return undefined;
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
    const { type, shape, node } = values[0]!;
    if (values.some(value => value.type !== type || value.shape.length !== shape.length)) return undefined;
    if (values.every(value => value.node.constant !== undefined)) return stackConstants(values, this.#b);
    if (values.some(value => value.node.op !== node.op || value.node.inputs.length !== node.inputs.length)) {
      return undefined;
    }
    const copies: Copies = {
      values,
      node,
      size: values.length,
      b: this.#b,
      input: i => (i < node.inputs.length ? this.batch(values.map(value => value.node.inputs[i]!)) : undefined),
      batch: others => this.batch(others),
    };
    this.#b.origin = node.name;
    const alike = differOnlyInInputs(values);
    const rules = [
      ...(alike ? [shareUnbatched] : []),
      ...this.#rules.unstacking(node.op),
      ...(alike ? this.#rules.batching(node.op) : []),
    ];
    for (const rule of rules) {
      const result = rule(copies);
      if (result !== undefined) return result;
    }
    return undefined;
  }
}

function stackConstants(values: readonly Value[], b: Builder): BatchedValue | undefined {
  const tensors = values.map(value => value.node.constant!);
  const { type, shape } = tensors[0]!;
  const same = tensors.every(tensor => tensor.type === type && tensor.shape.join() === shape.join());
  if (!same || type === 'string' || sizeOf(shape) > CONSTANT_LIMIT) return undefined;
  const parts = tensors.map(bytesOf);
  if (parts.every(part => part.every((byte, i) => byte === parts[0]![i]))) return unbatched(values[0]!);
  const bytes = new Uint8Array(parts.length * parts[0]!.byteLength);
  parts.forEach((part, i) => {
    bytes.set(part, i * part.byteLength);
  });
  return batched(b.constant(tensorFromBytes(type, [values.length, ...shape], bytes)));
}

const shareUnbatched: BatchingRule = ({ values, node, b, input }) => {
  if (node.inputs.length === 0) return undefined;
  const inputs = allDefined(
    node.inputs.map((_, i) => input(i)),
    copies => (copies?.kind === 'unbatched' ? copies.value : undefined),
  );
  return inputs === undefined ? undefined : unbatched(b.rebuild(node, inputs)[values[0]!.index]!);
};

function differOnlyInInputs(values: readonly Value[]): boolean {
  const { node, index } = values[0]!;
  const attributes = attributeKey(node);
  return (
    node.bodies.length === 0 && values.every(value => value.index === index && attributeKey(value.node) === attributes)
  );
}
