import { checkArgument, text as aText } from '../check.ts';
import { DecantError } from '../errors.ts';

/** A value of a JSON file with its path, like `annotations[3].bbox`. Accessors throw `malformed` if it has another type. */
export class JsonValue {
  readonly value: unknown;
  readonly path: string;

  private constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  static parse(text: string, name: string): JsonValue {
    checkArgument(text, 'the text', aText);
    checkArgument(name, 'the name', aText);
    try {
      return new JsonValue(JSON.parse(text.replace(/^\uFEFF/, '')), name);
    } catch (cause) {
      throw new DecantError('malformed', `${name} is not JSON: ${cause instanceof Error ? cause.message : ''}`, {
        cause,
      });
    }
  }

  optional(name: string): JsonValue | undefined {
    const value = this.#object()[name];
    return value === undefined || value === null ? undefined : new JsonValue(value, `${this.path}.${name}`);
  }

  field(name: string): JsonValue {
    return this.optional(name) ?? this.fail(`has no '${name}'`);
  }

  items(): readonly JsonValue[] {
    if (!Array.isArray(this.value)) return this.fail('is not an array');
    return this.value.map((item: unknown, i) => new JsonValue(item, `${this.path}[${i}]`));
  }

  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : this.fail('is not a number');
  }

  integer(): number {
    return Number.isSafeInteger(this.value) ? this.number() : this.fail('is not an integer');
  }

  /** A boolean, or a number that is 0 for false. */
  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.number() !== 0;
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail('is not a string');
  }

  id(): number | string {
    return typeof this.value === 'string' ? this.value : this.integer();
  }

  fail(problem: string): never {
    throw new DecantError('malformed', `${this.path} ${problem}`);
  }

  #object(): Readonly<Record<string, unknown>> {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
      ? (this.value as Readonly<Record<string, unknown>>)
      : this.fail('is not an object');
  }
}
