import { DecantError } from '../../errors.ts';
import { nearestHint } from '../../nearest-names.ts';
import type { Schema } from './head-schema.ts';

/**
 * Checks a value of unknown origin.
 *
 * @param where names the value in errors: `outputs.boxes`
 * @throws DecantError `invalid-argument` for the first part that violates the schema
 */
export function checkSchema(value: unknown, schema: Schema, where: string): void {
  if (schema.anyOf !== undefined) {
    checkAny(value, schema.anyOf, where);
  } else if (schema.enum !== undefined) {
    if (typeof value !== 'string' || !schema.enum.includes(value)) throw wrongWord(value, schema.enum, where);
  } else if (schema.type === 'object') {
    checkObject(value, schema, where);
  } else if (schema.type === 'array') {
    checkArray(value, schema, where);
  } else if (schema.type === 'number' || schema.type === 'integer') {
    checkNumber(value, schema, where);
  } else if (typeof value !== schema.type) {
    throw wrong(where, `a ${String(schema.type)}`, value);
  }
}

function checkObject(value: unknown, { properties = {}, required = [] }: Schema, where: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object', value);
  const inside = (key: string): string => (where === '' ? key : `${where}.${key}`);
  for (const [key, part] of Object.entries(value)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) throw unknownKey(inside(key), key, Object.keys(properties));
    if (part !== undefined) checkSchema(part, schema, inside(key));
  }
  const missing = required.find(key => (value as Readonly<Record<string, unknown>>)[key] === undefined);
  if (missing === undefined) return;
  throw new DecantError('invalid-argument', `the head's description has no '${inside(missing)}'`, {
    remedy: `It is ${properties[missing]?.description ?? 'required'}`,
  });
}

function checkArray(value: unknown, { items = {}, minItems = 0, maxItems = Infinity }: Schema, where: string): void {
  if (!Array.isArray(value)) throw wrong(where, 'a list', value);
  if (value.length < minItems || value.length > maxItems) {
    const count = minItems === maxItems ? `${minItems}` : `${minItems} or more`;
    throw wrong(where, `a list of ${count}`, value);
  }
  value.forEach((item, i) => checkSchema(item, items, `${where}[${i}]`));
}

function checkNumber(value: unknown, { type, minimum, maximum }: Schema, where: string): void {
  const isRight = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  const number = value as number;
  if (isRight && number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity)) return;
  const range = [minimum === undefined ? '' : ` from ${minimum}`, maximum === undefined ? '' : ` to ${maximum}`].join(
    '',
  );
  throw wrong(where, `${type === 'integer' ? 'a whole number' : 'a number'}${range}`, value);
}

/** Reports the errors of the alternative whose kind of value it is. */
function checkAny(value: unknown, alternatives: readonly Schema[], where: string): void {
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const kindOf = ({ type, enum: words }: Schema): string => (words === undefined ? String(type) : 'string');
  const match = alternatives.find(schema => kindOf(schema) === kind);
  if (match === undefined) throw wrong(where, alternatives.map(kindOf).join(' or '), value);
  checkSchema(value, match, where);
}

const wrong = (where: string, wanted: string, value: unknown): DecantError =>
  new DecantError(
    'invalid-argument',
    `${where === '' ? '' : `'${where}' of `}the head's description must be ${wanted}, got ${brief(value)}`,
    {
      remedy: 'docs/detectors.md describes the format.',
    },
  );

const wrongWord = (value: unknown, words: readonly string[], where: string): DecantError =>
  new DecantError('invalid-argument', `'${where}' of the head's description cannot be ${brief(value)}`, {
    remedy: `${typeof value === 'string' ? nearestHint(value, words) : ''}It is one of ${words.join(', ')}.`,
  });

const unknownKey = (where: string, key: string, keys: readonly string[]): DecantError =>
  new DecantError('invalid-argument', `the head's description has an unknown key '${where}'`, {
    remedy: `${nearestHint(key, keys)}The keys are ${keys.join(', ')}.`,
  });

const MAX_LENGTH = 60;

function brief(value: unknown): string {
  const json =
    typeof value === 'string' ? `'${value}'` : ((JSON.stringify(value) as string | undefined) ?? String(value));
  return json.length <= MAX_LENGTH ? json : `${json.slice(0, MAX_LENGTH)}...`;
}
