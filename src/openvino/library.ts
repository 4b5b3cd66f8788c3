import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The name may end in a release: 2641 is 2026.4.1. */
const NAMES: Partial<Record<NodeJS.Platform, RegExp>> = {
  win32: /^openvino_c\.dll$/i,
  darwin: /^libopenvino_c(?:\.\d+)*\.dylib$/,
};
const NAME = NAMES[process.platform] ?? /^libopenvino_c\.so(?:\.\d+)*$/;

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

export function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

export function namesIn(folder: string, pattern: RegExp): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => pattern.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}
