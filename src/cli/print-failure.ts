import type { DecantError } from '../errors.ts';
import { errorJson, JSON_HEAD } from '../results/json-head.ts';
import { jsonText } from '../results/result-part.ts';
import { printJson } from './console.ts';

/** The format of a command's output that programs read: the name after --format, or `json`. */
export const jsonFormatOf = ({
  json,
  format,
}: {
  readonly json?: boolean;
  readonly format?: string;
}): string | undefined => format ?? (json === true ? 'json' : undefined);

/** Prints an error as the JSON that a program expects of a command, if it expects any. */
export function printFailure(error: DecantError, format: string | undefined): void {
  if (format === 'json') printJson({ error: errorJson(error) });
  if (format === 'jsonl') process.stdout.write(`${jsonText({ ...JSON_HEAD, error: errorJson(error) })}\n`);
}
