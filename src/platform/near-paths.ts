import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearestNames, questionOf } from '../nearest-names.ts';

/** Paths in a suggestion. */
const MAX_PATHS = 3;

/**
 * Returns where a broken link leads, or else a question that names existing paths near a mistyped one, with a space after it; nothing
 * if there are none.
 */
export function nearPathsHint(path: string, isWanted?: (name: string) => boolean): string {
  const target = targetOf(path);
  if (target !== undefined) return `It is a link to '${target}'. `;
  const slashed = path.replaceAll('\\', '/');
  return questionOf(slashed !== path && existsSync(slashed) ? [slashed] : nearPaths(path, isWanted));
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function nearPaths(path: string, isWanted: (name: string) => boolean = () => true): readonly string[] {
  const folder = dirname(path);
  if (folder === path) return [];
  const folders = isFolder(folder) ? [folder] : nearPaths(folder).filter(isFolder);
  const near = folders.flatMap(one =>
    nearNames(basename(path), namesIn(one).filter(isWanted)).map(name => join(one, name)),
  );
  return near.slice(0, MAX_PATHS);
}

/** The same name, or else near ones, also if their endings differ. */
function nearNames(name: string, names: readonly string[]): readonly string[] {
  if (names.includes(name)) return [name];
  const stems = new Set(nearestNames(stemOf(name), new Set(names.map(stemOf))));
  return [...new Set([...nearestNames(name, names), ...names.filter(other => stems.has(stemOf(other)))])];
}

const stemOf = (name: string): string => name.split('.', 1)[0]!;

/** Without hidden files. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
