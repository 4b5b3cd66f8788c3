import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { PartialShape } from './partial-shape.ts';

/** An input or output of a model, as plain data. */
export class Output {
  /** Index among the model's inputs or outputs. */
  readonly index: number;
  /** At most one: OpenVINO's C API returns only one of a tensor's names. */
  readonly names: readonly string[];
  readonly elementType: ElementType;
  readonly #shape: PartialShape;

  constructor(index: number, name: string | undefined, elementType: ElementType, shape: PartialShape) {
    this.index = index;
    this.names = name === undefined ? [] : [name];
    this.elementType = elementType;
    this.#shape = shape;
  }

  /** The name, or the index of a port without names: `0`. It is the key in `Outputs`. */
  get anyName(): string {
    return this.names[0] ?? String(this.index);
  }

  /**
   * Sizes, undefined if dynamic.
   *
   * @throws DecantError `unsupported` if the rank is dynamic
   */
  get shape(): readonly (number | undefined)[] {
    const { dimensions } = this.#shape;
    if (dimensions === undefined)
      throw new DecantError('unsupported', `the rank of '${this.anyName}' is dynamic`, {
        remedy: 'Ask for getPartialShape() instead, or fix the shapes of the inputs.',
      });
    return dimensions.map(dimension => (typeof dimension === 'number' ? dimension : undefined));
  }

  /** Returns the shape, which may have dynamic sizes or a dynamic rank. */
  getPartialShape(): PartialShape {
    return this.#shape;
  }

  /** As OpenVINO prints it: `names[input_tensor] shape[1,?,?,3] type: u8`. */
  toString(): string {
    return `names[${this.names.join(', ')}] shape${this.#shape.toString()} type: ${this.elementType}`;
  }
}
