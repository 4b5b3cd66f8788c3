import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect } from 'vitest';
import { ROOT } from './run-cli.ts';

interface Schema {
  readonly definitions: Readonly<Record<string, { readonly description?: string }>>;
}

/** Describes the JSON that commands print. */
export const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'json.schema.json'), 'utf8')) as Schema;

/** Readers have to accept new fields, but the schema has to describe them. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return 'properties' in parts ? { additionalProperties: false, ...parts } : parts;
};

const validators = new Ajv({ allErrors: true }).addSchema(closed(SCHEMA) as object, 'decant');

export function expectValid(definition: string, json: unknown): void {
  validators.validate(`decant#/definitions/${definition}`, json);
  expect(validators.errors ?? []).toEqual([]);
}
