import { DecantError } from '../errors.ts';
import type { Handle, NativeObject } from './handle.ts';
import { addressOf } from './memory.ts';
import { Network, type NetworkFunctions } from './network.ts';
import type { Output } from './output.ts';
import { boundsOf, type Dimension, PartialShape } from './partial-shape.ts';

const FUNCTIONS: NetworkFunctions = {
  inputs: {
    side: 'input',
    count: 'ov_model_inputs_size',
    byIndex: 'ov_model_const_input_by_index',
    byName: 'ov_model_const_input_by_name',
  },
  outputs: {
    side: 'output',
    count: 'ov_model_outputs_size',
    byIndex: 'ov_model_const_output_by_index',
    byName: 'ov_model_const_output_by_name',
  },
};

/** Shape of an input: `[1, 640, 640, 3]`, with undefined or -1 for a dynamic size, or `[1, 640]` for a range. */
export type ShapeOption = PartialShape | readonly Dimension[];

/** A model that is not compiled yet, created by `Core.readModel`. */
export class Model extends Network {
  constructor(handle: Handle, madeFrom: NativeObject) {
    super(handle, madeFrom, FUNCTIONS);
  }

  /** Returns the model's friendly name. */
  getName(): string {
    const { library, object } = this.handle;
    return library.takeText(library.create('ov_model_get_friendly_name', object));
  }

  /** Whether an input or output has a dynamic shape. */
  isDynamic(): boolean {
    return [...this.inputs, ...this.outputs].some(port => port.getPartialShape().isDynamic());
  }

  /**
   * Changes the shape of the only input, or of inputs by name, and infers those of the outputs.
   *
   * @throws DecantError `not-found` if there is no such input, `invalid-argument` for a dynamic rank or a missing name,
   * `runtime-failed` if the model does not support the shapes, which leaves it unchanged
   */
  reshape(shapes: ShapeOption | Readonly<Record<string, ShapeOption>>): void {
    const { library, object } = this.handle;
    const changes = isShape(shapes)
      ? [{ port: this.#onlyInput(), limits: limitsOf(shapes) }]
      : Object.entries(shapes).map(([name, shape]) => ({ port: this.input(name), limits: limitsOf(shape) }));
    const indexes = BigUint64Array.from(changes, ({ port }) => BigInt(port.index));
    const structs = BigInt64Array.from(
      changes.flatMap(({ limits }) => [BigInt(limits.length / 2), BigInt(limits.length / 2), addressOf(limits)]),
    );
    library.call('ov_model_reshape_by_port_indexes', object, indexes, structs, changes.length);
    this.rereadPorts();
  }

  #onlyInput(): Output {
    if (this.inputs.length === 1) return this.input();
    throw new DecantError(
      'invalid-argument',
      `the model has ${this.inputs.length} inputs, so a shape needs the name of its input`,
      {
        remedy: 'Pass shapes by input name: { name: shape }.',
      },
    );
  }
}

const isShape = (shapes: ShapeOption | Readonly<Record<string, ShapeOption>>): shapes is ShapeOption =>
  Array.isArray(shapes) || shapes instanceof PartialShape;

/** Minimum and maximum of each size, interleaved; -1 for no maximum. */
function limitsOf(shape: ShapeOption): BigInt64Array {
  const { dimensions } = shape instanceof PartialShape ? shape : new PartialShape(shape);
  if (dimensions === undefined) {
    throw new DecantError('invalid-argument', 'a model cannot be reshaped to a dynamic rank');
  }
  return BigInt64Array.from(dimensions.flatMap(boundsOf), limit => BigInt(limit === Infinity ? -1 : limit));
}
