import { DecantError, withinAsync } from '../errors.ts';
import { unknownOpsIn } from '../ov/ir/unknown-op.ts';
import { readIr } from '../ov/ir/read-ir.ts';
import { readFile } from '../platform/read-file.ts';
import { MAX_TEXT_BYTES } from '../platform/read-text-file.ts';
import { tryIr } from '../runtime/try-ir.ts';

/**
 * Checks an IR of another program before OpenVINO reads it: malformed ones make OpenVINO crash, which ends the process.
 * Parts that decant does not know, such as ops of newer releases, are first tried in a process of their own.
 *
 * @param library path of OpenVINO's C library
 * @throws DecantError those of `readIr`, `runtime-failed` if OpenVINO crashes
 */
export async function checkIr(path: string, library: string, device: string): Promise<void> {
  const isKnown = await withinAsync(`reading ${path}`, () => readKnown(path));
  if (!isKnown) await tryIr(path, library, device);
}

/** An IR without weights has no `.bin`. */
function ifMissing(thrown: unknown): undefined {
  if (!(thrown instanceof DecantError && thrown.code === 'not-found')) throw thrown;
}

async function readKnown(path: string): Promise<boolean> {
  const weights = path.replace(/(?:\.[^./\\]*)?$/, '.bin');
  const [xml, bin] = await Promise.all([readFile(path, MAX_TEXT_BYTES), readFile(weights).catch(ifMissing)]);
  try {
    return unknownOpsIn(readIr(xml.toString('utf8'), bin ?? new Uint8Array()).graph).length === 0;
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'unsupported') return false;
    throw thrown;
  }
}
