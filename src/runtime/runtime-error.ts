import { DecantError } from '../errors.ts';

/** Statuses of the C interface that mean more than "failed". */
const INFER_CANCELLED = -13;

/** The status for arguments that the C interface itself rejects; it comes without a message of its own. */
export const INVALID_C_PARAM = -14;

/** Lines that tell OpenVINO's developers where an exception passed through, and a user nothing. */
const PLACES = [/^Exception from .*:\d+:?$/, /^Check '.*' failed at .*:\d+:?$/, / failed with \w+:$/, /^\[ ?\w+ ?\]$/];

/** Marks inside a line that say the same: `src/core/core.cpp:84:`, `[ GENERAL_ERROR ]`. */
const MARKS = /(?:\S+\.[ch]pp:\d+:?|\[ ?[A-Z_]+ ?\]|^(?:NotFound|GeneralError|ParameterMismatch):)\s*/g;

/** Characters of a line, and of the message: OpenVINO prints whole lists of supported values into some. */
const LONGEST = 600;

/** The sentences of OpenVINO's error text, without the source files that it came through. */
export function explain(text: string): string {
  const lines = text.split('\n').map(line => line.trim().slice(0, LONGEST));
  const kept = lines.filter(line => line !== '' && !PLACES.some(place => place.test(line)));
  const sentences = (kept.length > 0 ? kept : lines).map(line => line.replaceAll(MARKS, ''));
  const message = sentences.join(' ').trim();
  return message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
}

/** The error for a failed call; `text` is what OpenVINO says about it, and stays whole in `cause`. */
export function runtimeError(status: number, text: string): DecantError {
  if (status === INFER_CANCELLED) return new DecantError('cancelled', 'the inference was cancelled', { cause: text });
  return new DecantError('runtime-failed', `OpenVINO: ${explain(text)}`, { cause: text });
}
