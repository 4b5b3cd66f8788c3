import { DecantError } from '../errors.ts';

const INFER_CANCELLED = -13;

/** `ov_status_e` for arguments that the C API itself rejects, without setting a message. */
export const INVALID_C_PARAM = -14;

const PLACES = [/^Exception from .*:\d+:?$/, /^Check '.*' failed at .*:\d+:?$/, / failed with \w+:$/, /^\[ ?\w+ ?\]$/];

/** Source locations and error kinds: `src/core/core.cpp:84:`, `[ GENERAL_ERROR ]`. */
const MARKS = /(?:\S+\.[ch]pp:\d+:?|\[ ?[A-Z_]+ ?\]|^(?:NotFound|GeneralError|ParameterMismatch):)\s*/g;

/** Maximum characters of a line and of the message; some contain long lists of supported values. */
const MAX_LENGTH = 600;

export function explain(text: string): string {
  const lines = text.split('\n').map(line => line.trim().slice(0, MAX_LENGTH));
  const kept = lines.filter(line => line !== '' && !PLACES.some(place => place.test(line)));
  const sentences = (kept.length > 0 ? kept : lines).map(line => line.replaceAll(MARKS, ''));
  const message = sentences.join(' ').trim();
  return message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH)}…` : message;
}

export function runtimeError(status: number, text: string): DecantError {
  if (status === INFER_CANCELLED) return new DecantError('cancelled', 'the inference was cancelled', { cause: text });
  return new DecantError('runtime-failed', `OpenVINO: ${explain(text)}`, { cause: text });
}
