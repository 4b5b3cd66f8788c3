import { DecantError } from '../errors.ts';

/** A value in a JSON file, and where it stands there: `annotations[3].bbox`. What it should be and is not is an error. */
export class JsonPlace {
  readonly value: unknown;
  readonly place: string;

  private constructor(value: unknown, place: string) {
    this.value = value;
    this.place = place;
  }

  /** The whole of a file. @throws DecantError `malformed` */
  static parse(text: string, name: string): JsonPlace {
    try {
      return new JsonPlace(JSON.parse(text.replace(/^\uFEFF/, '')), name);
    } catch (cause) {
      throw new DecantError('malformed', `${name} is not JSON: ${cause instanceof Error ? cause.message : ''}`, {
        cause,
      });
    }
  }

  /** A field of an object; undefined where it is absent or null. */
  optional(name: string): JsonPlace | undefined {
    const value = this.#object()[name];
    return value === undefined || value === null ? undefined : new JsonPlace(value, `${this.place}.${name}`);
  }

  field(name: string): JsonPlace {
    return this.optional(name) ?? this.fail(`has no '${name}'`);
  }

  items(): readonly JsonPlace[] {
    if (!Array.isArray(this.value)) return this.fail('is not an array');
    return this.value.map((item: unknown, i) => new JsonPlace(item, `${this.place}[${i}]`));
  }

  /** A finite number. */
  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : this.fail('is not a number');
  }

  integer(): number {
    return Number.isSafeInteger(this.value) ? this.number() : this.fail('is not a whole number');
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail('is not a text');
  }

  /** A whole number or a text. */
  id(): number | string {
    return typeof this.value === 'string' ? this.value : this.integer();
  }

  fail(what: string): never {
    throw new DecantError('malformed', `${this.place} ${what}`);
  }

  #object(): Readonly<Record<string, unknown>> {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
      ? (this.value as Readonly<Record<string, unknown>>)
      : this.fail('is not an object');
  }
}
