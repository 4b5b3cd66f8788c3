import { DecantError } from '../errors.ts';

/**
 * Constants may repeat a value over a whole shape, so the file size does not bound their size. Those of detectors, such as
 * anchors and grids, take a few megabytes in total.
 */
const MAX_FILLED_BYTES = 2 ** 27;

/** @throws DecantError `limit` if constants that repeat a value take more `bytes` than those of any detector */
export function checkFilledBytes(what: string, bytes: number): void {
  if (!(bytes <= MAX_FILLED_BYTES))
    throw new DecantError('limit', `${what} ${bytes} bytes of repeated values, more than ${MAX_FILLED_BYTES}`);
}
