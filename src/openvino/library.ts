import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The names of OpenVINO's C library. A release follows on some systems: 2641 is 2026.4.1. */
const NAME =
  process.platform === 'win32'
    ? /^openvino_c\.dll$/i
    : process.platform === 'darwin'
      ? /^libopenvino_c(?:\.\d+)*\.dylib$/
      : /^libopenvino_c\.so(?:\.\d+)*$/;

/** Where it lies: in the folder itself, in a Python environment's packages, or in an unpacked archive. */
const SUBFOLDERS = [
  '.',
  'libs',
  'openvino/libs',
  'runtime/lib/intel64',
  'runtime/lib/aarch64',
  'runtime/lib/arm64/Release',
  'runtime/lib/intel64/Release',
  'runtime/bin/intel64/Release',
  'runtime/bin/arm64/Release',
];

/** OpenVINO's C library: the file at `path` itself, or the one in or below the folder there; of several the newest. */
export function libraryAt(path: string): string | undefined {
  const kind = kindOf(path);
  if (kind === 'file') return path;
  if (kind === 'nothing') return undefined;
  for (const subfolder of SUBFOLDERS) {
    const folder = join(path, subfolder);
    const newest = namesIn(folder, NAME)[0];
    if (newest !== undefined) return join(folder, newest);
  }
  return undefined;
}

/** What is at `path`; nothing where one may not look. */
export function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

/** The entries of a folder that match, those with the greatest numbers first; none where it cannot be read. */
export function namesIn(folder: string, pattern: RegExp): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => pattern.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}
