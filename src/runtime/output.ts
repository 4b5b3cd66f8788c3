import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { PartialShape } from './partial-shape.ts';

/** An input or output of a model. */
export class Output {
  /** Position among the model's inputs or outputs. */
  readonly index: number;
  /** Of all its names the one that OpenVINO's C interface tells, or none. */
  readonly names: readonly string[];
  readonly elementType: ElementType;
  readonly #shape: PartialShape;

  constructor(index: number, name: string | undefined, elementType: ElementType, shape: PartialShape) {
    this.index = index;
    this.names = name === undefined ? [] : [name];
    this.elementType = elementType;
    this.#shape = shape;
  }

  /** The name, or the position for a port without name: `0`. Results are found under it. */
  get anyName(): string {
    return this.names[0] ?? String(this.index);
  }

  /**
   * Sizes, undefined where the model leaves them open.
   *
   * @throws DecantError `unsupported` when even the number of dimensions is open
   */
  get shape(): readonly (number | undefined)[] {
    const { dimensions } = this.#shape;
    if (dimensions === undefined)
      throw new DecantError('unsupported', `'${this.anyName}' has any number of dimensions`);
    return dimensions.map(dimension => (typeof dimension === 'number' ? dimension : undefined));
  }

  /** Its shape, in which sizes may be open. */
  getPartialShape(): PartialShape {
    return this.#shape;
  }

  /** As OpenVINO prints it: `names[input_tensor] shape[1,?,?,3] type: u8`. */
  toString(): string {
    return `names[${this.names.join(', ')}] shape${this.#shape.toString()} type: ${this.elementType}`;
  }
}
