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

/** The shape of an input: `[1, 640, 640, 3]`, with undefined or -1 for any size and `[1, 640]` for limits. */
export type ShapeOption = PartialShape | readonly Dimension[];

/** A model as it was read. `Core.readModel` makes it. */
export class Model extends Network {
  constructor(handle: Handle, madeFrom: NativeObject) {
    super(handle, madeFrom, FUNCTIONS);
  }

  /** The name that the IR gives to the model. */
  getName(): string {
    const { library, object } = this.handle;
    return library.takeText(library.create('ov_model_get_friendly_name', object));
  }

  /** Whether an input or output leaves a size open. */
  isDynamic(): boolean {
    return [...this.inputs, ...this.outputs].some(port => port.getPartialShape().isDynamic());
  }

  /**
   * Gives the only input, or inputs by name, other shapes; those of the outputs follow.
   *
   * @throws DecantError `runtime-failed` when the model cannot compute with them; it then keeps the old ones
   */
  reshape(shapes: ShapeOption | Readonly<Record<string, ShapeOption>>): void {
    const { library, object } = this.handle;
    const changes = isShape(shapes)
      ? [{ port: this.#onlyInput(), limits: limitsOf(shapes) }]
      : Object.entries(shapes).map(([name, shape]) => ({ port: this.input(name), limits: limitsOf(shape) }));
    const indexes = BigUint64Array.from(changes, ({ port }) => BigInt(port.index));
    // `ov_partial_shape_t`: the limits of the rank, then a pointer to the limits of each size.
    const structs = BigInt64Array.from(
      changes.flatMap(({ limits }) => [BigInt(limits.length / 2), BigInt(limits.length / 2), addressOf(limits)]),
    );
    library.call('ov_model_reshape_by_port_indexes', object, indexes, structs, changes.length);
    this.rereadPorts();
  }

  #onlyInput(): Output {
    if (this.inputs.length === 1) return this.input();
    throw new DecantError('invalid-argument', `the model has ${this.inputs.length} inputs, not one`, {
      remedy: 'Give the shapes by the names of the inputs.',
    });
  }
}

const isShape = (shapes: ShapeOption | Readonly<Record<string, ShapeOption>>): shapes is ShapeOption =>
  Array.isArray(shapes) || shapes instanceof PartialShape;

/** The least and the greatest of each size in turn, -1 where there is no greatest. */
function limitsOf(shape: ShapeOption): BigInt64Array {
  const { dimensions } = shape instanceof PartialShape ? shape : new PartialShape(shape);
  if (dimensions === undefined) {
    throw new DecantError('invalid-argument', 'a model is not reshaped to any number of dimensions');
  }
  return BigInt64Array.from(dimensions.flatMap(boundsOf), limit => BigInt(limit === Infinity ? -1 : limit));
}
