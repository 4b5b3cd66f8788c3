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

export interface PortFunctions {
  readonly side: 'input' | 'output';
  readonly count: FunctionName;
  readonly byIndex: FunctionName;
  readonly byName: FunctionName;
}

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

  get(key: number | string): Output {
    const found = typeof key === 'number' ? this.list[key] : (this.#named(key) ?? this.#byAnyName(key));
    if (found !== undefined) return found;
    const { side } = this.#functions;
    const known = this.list.map(port => `'${port.anyName}'`).join(', ');
    throw new DecantError('not-found', `the model has no ${side} ${typeof key === 'number' ? key : `'${key}'`}`, {
      remedy: this.list.length === 0 ? `It has no ${side}s.` : `Its ${side}s are ${known}.`,
    });
  }

  #named(name: string): Output | undefined {
    return this.list.find(port => port.anyName === name);
  }

  /** OpenVINO finds a port by all of its names, of which the C API returns only one. */
  #byAnyName(name: string): Output | undefined {
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
  throw new DecantError('unsupported', `'${name}' has a dynamic element type, or one that decant does not support`, {
    remedy: 'Export the model with inputs and outputs of a fixed type that JavaScript has, such as f32 or i32.',
  });
}

/** `ov_partial_shape_t`: minimum and maximum rank, pointer to the limits of each size; -1 is no maximum. */
function shapeOf(library: Library, port: Pointer): PartialShape {
  const struct = new BigInt64Array(3);
  library.call('ov_port_get_partial_shape', port, struct);
  try {
    const minRank = struct[0]!;
    const maxRank = struct[1]!;
    const sizes = struct[2]!;
    if (minRank !== maxRank) return new PartialShape(undefined);
    const limits = wordsAt(sizes, 2 * Number(maxRank));
    return new PartialShape(
      Array.from({ length: Number(maxRank) }, (_, i) => {
        const max = Number(limits[2 * i + 1]!);
        return [Number(limits[2 * i]!), max === -1 ? Infinity : max] as const;
      }),
    );
  } finally {
    library.free('ov_partial_shape_free', struct);
  }
}
