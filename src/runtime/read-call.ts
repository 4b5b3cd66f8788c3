import { statSync } from 'node:fs';
import { checkArgument, either, kind, shaped, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { elementCodes } from './element-codes.ts';
import type { FunctionName } from './functions.ts';
import type { NativeArgument, Pointer } from './argument.ts';
import type { Library } from './library.ts';
import { writeAt } from './memory.ts';

/** Path of a model, or an IR in memory: contents of its `.xml` and `.bin`. */
export type ModelSource = string | { readonly xml: string | Uint8Array; readonly bin: Uint8Array };

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

const bytes = kind('a Uint8Array', value => value instanceof Uint8Array);

const MODEL = either(
  'a path or an IR in memory, { xml, bin }',
  text,
  shaped({ xml: either('', text, bytes), bin: bytes }),
);

/**
 * Copies `bytes` into a native tensor. The model and models compiled from it share its memory, whose lifetime OpenVINO
 * manages; a JavaScript buffer could be collected earlier.
 */
function copyOf(library: Library, bytes: Uint8Array): Pointer | null {
  if (bytes.byteLength === 0) return null;
  const shape = { rank: 1, dims: [bytes.byteLength] };
  const tensor = library.create('ov_tensor_create', elementCodes(library).codes.get('u8')!, shape);
  writeAt(library.create('ov_tensor_data', tensor), bytes);
  return tensor;
}
