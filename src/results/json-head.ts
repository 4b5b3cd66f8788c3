import type { DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';

/** Counts up when a field of decant's own JSON changes its meaning or disappears; new fields do not count. */
const SCHEMA_VERSION = 1;

/** The first fields of all JSON that decant prints: `docs/json.schema.json` describes the rest. */
export const JSON_HEAD = { schemaVersion: SCHEMA_VERSION, version: VERSION };

export const errorJson = ({ code, message, where, remedy }: DecantError): object => ({
  code,
  message,
  ...(where.length > 0 && { where }),
  ...(remedy !== undefined && { remedy }),
});
