import type { DecantError, ErrorCode } from '../errors.ts';
import { Refusal } from './refusal.ts';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  'not-found': 404,
  'not-a-model': 400,
  malformed: 400,
  unsupported: 422,
  'invalid-argument': 400,
  limit: 413,
  'bad-image': 400,
  'bad-video': 400,
  'runtime-missing': 500,
  // The tensors of the request have sizes or values that the model cannot compute with.
  'runtime-failed': 422,
  io: 502,
  network: 502,
  // Also by the shutdown of the server.
  cancelled: 503,
  internal: 500,
};

export interface ErrorBody {
  /** One sentence. */
  readonly error: string;
  readonly code: string;
  readonly remedy?: string;
}

/** Messages repeat names of the request, which may be as long as the request; headers of gRPC hold some kilobytes. */
const LONGEST = 2000;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export const statusOf = (error: DecantError): number => (error instanceof Refusal ? error.status : STATUS[error.code]);

/** The text of an error, without details of the server for a bug. */
export const bodyOf = (error: DecantError): ErrorBody =>
  error.code === 'internal'
    ? { error: 'the server failed to handle the request; its log has the reason', code: error.code }
    : {
        error: shortened(error.describe()),
        code: error.code,
        ...(error.remedy !== undefined && { remedy: shortened(error.remedy) }),
      };
