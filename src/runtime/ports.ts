import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { elementCodes } from './element-codes.ts';
import type { FunctionName } from './functions.ts';
import type { Handle } from './handle.ts';
import type { Library } from './library.ts';
import type { Pointer } from './argument.ts';
import { wordsAt } from './memory.ts';
import { Output } from './output.ts';
import { PartialShape } from './partial-shape.ts';

/** The functions that give the ports of one side of a model. */
export interface PortFunctions {
  readonly side: 'input' | 'output';
  readonly count: FunctionName;
  readonly byIndex: FunctionName;
  readonly byName: FunctionName;
}

/** The inputs, or the outputs, of a model as they are when this is made. */
export class PortReader {
  readonly list: readonly Output[];
  readonly #owner: Handle;
  readonly #functions: PortFunctions;

  constructor(owner: Handle, functions: PortFunctions) {
    const { library, object } = owner;
    const count = new BigUint64Array(1);
    library.call(functions.count, object, count);
    this.list = Array.from({ length: Number(count[0]!) }, (_, index) => {
      const port = library.create(functions.byIndex, object, index);
      return takePort(library, port, index);
    });
    this.#owner = owner;
    this.#functions = functions;
  }

  /**
   * The port at a position or with a name; any of its names will do.
   *
   * @throws DecantError `not-found` that lists the ports there are
   */
  get(key: number | string): Output {
    const found = typeof key === 'number' ? this.list[key] : (this.#named(key) ?? this.#otherwiseNamed(key));
    if (found !== undefined) return found;
    const { side } = this.#functions;
    const known = this.list.map(port => `'${port.anyName}'`).join(', ');
    throw new DecantError('not-found', `the model has no ${side} ${typeof key === 'number' ? key : `'${key}'`}`, {
      remedy: this.list.length === 0 ? `It has no ${side}s at all.` : `Its ${side}s are ${known}.`,
    });
  }

  #named(name: string): Output | undefined {
    return this.list.find(port => port.anyName === name);
  }

  /** A port has more names than the one it tells, and OpenVINO finds it by all of them. */
  #otherwiseNamed(name: string): Output | undefined {
    const { library, object } = this.#owner;
    let port: Pointer;
    try {
      port = library.create(this.#functions.byName, object, name);
    } catch {
      return undefined;
    }
    return this.#named(takePort(library, port, -1).anyName);
  }
}

/** The port as plain data; the native one is freed. */
function takePort(library: Library, port: Pointer, index: number): Output {
  try {
    return new Output(index, nameOf(library, port), typeOf(library, port), shapeOf(library, port));
  } finally {
    library.free('ov_output_const_port_free', port);
  }
}

function nameOf(library: Library, port: Pointer): string | undefined {
  try {
    return library.takeText(library.create('ov_port_get_any_name', port));
  } catch {
    // OpenVINO throws for a port without names.
    return undefined;
  }
}

function typeOf(library: Library, port: Pointer): ElementType {
  const code = new Int32Array(1);
  library.call('ov_port_get_element_type', port, code);
  const type = elementCodes(library).types.get(code[0]!);
  if (type !== undefined) return type;
  const name = nameOf(library, port) ?? '';
  throw new DecantError('unsupported', `'${name}' of the model has an open element type, or one unknown to decant`);
}

/** `ov_partial_shape_t`: the limits of the rank, then a pointer to the limits of each size. An open limit is -1. */
function shapeOf(library: Library, port: Pointer): PartialShape {
  const struct = new BigInt64Array(3);
  library.call('ov_port_get_partial_shape', port, struct);
  try {
    const least = struct[0]!;
    const greatest = struct[1]!;
    const sizes = struct[2]!;
    if (least !== greatest) return new PartialShape(undefined);
    const limits = wordsAt(sizes, 2 * Number(greatest));
    return new PartialShape(
      Array.from({ length: Number(greatest) }, (_, i) => {
        const max = Number(limits[2 * i + 1]!);
        return [Number(limits[2 * i]!), max === -1 ? Infinity : max] as const;
      }),
    );
  } finally {
    library.free('ov_partial_shape_free', struct);
  }
}
