import { statSync } from 'node:fs';
import { atLeast, callback, checkArgument, either, kind, listOf, shaped, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { elementCodes } from './element-codes.ts';
import type { FunctionName } from './functions.ts';
import type { NativeArgument, Pointer } from './argument.ts';
import type { Library } from './library.ts';
import { writeAt } from './memory.ts';

/** Weights of an IR, of which each part is computed when it is needed. */
export type WeightParts = readonly {
  readonly byteLength: number;
  /** Computes the part. */
  readonly bytes: () => Uint8Array;
}[];

/** Path of a model, or an IR in memory: contents of its `.xml`, and of its `.bin`, whole or in parts. */
export type ModelSource = string | { readonly xml: string | Uint8Array; readonly bin: Uint8Array | WeightParts };

/** OpenVINO would read pipes and devices, such as `/dev/zero`, to their end. */
export function existingPath(path: string): string {
  if (!isThere(path)) throw new DecantError('not-found', `there is no file or folder '${path}'`);
  if (path.endsWith('.xml')) isThere(path.replace(/xml$/, 'bin'));
  return path;
}

function isThere(path: string): boolean {
  try {
    const stats = statSync(path);
    if (stats.isFile() || stats.isDirectory()) return true;
  } catch {
    return false;
  }
  throw new DecantError('io', `'${path}' cannot be read: it is a device, pipe or socket, not a file`);
}

export interface ReadCall {
  readonly name: FunctionName;
  readonly args: readonly NativeArgument[];
  /** Must be called after the function has returned. */
  readonly release: () => void;
}

export function readCall(library: Library, source: ModelSource): ReadCall {
  checkArgument(source, 'the model', MODEL);
  if (typeof source === 'string') {
    return { name: 'ov_core_read_model', args: [existingPath(source), null], release: () => undefined };
  }
  const xml = typeof source.xml === 'string' ? new TextEncoder().encode(source.xml) : source.xml;
  const weights = copyOf(library, source.bin);
  return {
    name: 'ov_core_read_model_from_memory_buffer',
    args: [xml, xml.byteLength, weights],
    release: () => {
      if (weights !== null) library.free('ov_tensor_free', weights);
    },
  };
}

const isWhole = (bin: Uint8Array | WeightParts): bin is Uint8Array => bin instanceof Uint8Array;

const PART = shaped({ byteLength: atLeast(0), bytes: callback });

const bytes = kind('a Uint8Array', value => value instanceof Uint8Array);

const MODEL = either(
  'a path or an IR in memory, { xml, bin }',
  text,
  shaped({ xml: either('', text, bytes), bin: either('', bytes, listOf(PART)) }),
);

/**
 * Copies weights into a native tensor, one part at a time. The model and models compiled from it share its memory, whose lifetime OpenVINO
 * manages; a JavaScript buffer could be collected earlier.
 */
function copyOf(library: Library, bin: Uint8Array | WeightParts): Pointer | null {
  const length = isWhole(bin) ? bin.byteLength : bin.reduce((sum, part) => sum + part.byteLength, 0);
  if (length === 0) return null;
  const tensor = library.create('ov_tensor_create', elementCodes(library).codes.get('u8')!, {
    rank: 1,
    dims: [length],
  });
  try {
    writeAt(library.create('ov_tensor_data', tensor), length, isWhole(bin) ? [bin] : bytesOfParts(bin));
  } catch (thrown) {
    library.free('ov_tensor_free', tensor);
    throw thrown;
  }
  return tensor;
}

function* bytesOfParts(parts: WeightParts): Generator<Uint8Array> {
  for (const part of parts) {
    const found = part.bytes();
    if (found.byteLength !== part.byteLength) {
      throw new DecantError(
        'invalid-argument',
        `a part of the weights has ${found.byteLength} bytes, not ${part.byteLength}`,
      );
    }
    yield found;
  }
}
