import { Command } from 'commander';
import type { CacheEntry } from '../../download/cache-entries.ts';
import { DecantError } from '../../errors.ts';
import { cacheRoot } from '../../platform/cache-folder.ts';
import { fileSize, logInfo, print, printJson, table } from '../console.ts';
import { refuseIdle } from '../refuse-idle.ts';
import { numberFrom } from '../parse-number.ts';

export const cacheCommand = (): Command =>
  new Command('cache')
    .description('List and remove cached downloads, converted models and OpenVINO.')
    .addCommand(listCommand())
    .addCommand(removeCommand())
    .helpCommand('help [command]', 'Print the help of a command.')
    .addHelpText(
      'after',
      `
Everything in the cache can be downloaded or converted again. It is the folder
in DECANT_CACHE, by default one in the system's cache directory.

Examples:
  $ decant cache ls
  $ decant cache rm efficientdet_d0
  $ decant cache rm --older-than 30`,
    );

const listCommand = (): Command =>
  new Command('ls')
    .description('List the entries of the cache, largest first.')
    .option('--json', 'print JSON')
    .action(list);

interface RemoveOptions {
  readonly all?: boolean;
  readonly olderThan?: number;
  readonly json?: boolean;
}

const removeCommand = (): Command =>
  new Command('rm')
    .description('Remove entries from the cache and print them.')
    .argument('[name...]', 'names as printed by `decant cache ls`')
    .option('--all', 'remove everything')
    .option('--older-than <days>', 'remove only entries not used for this many days', numberFrom(0))
    .option('--json', 'print JSON')
    .action(remove);

const DAY = 24 * 60 * 60 * 1000;

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const { cacheEntries } = await import('../../download/cache-entries.ts');
  const entries = await cacheEntries();
  if (json === true) printJson({ folder: cacheRoot(), entries: entries.map(toJson) });
  else if (entries.length === 0) print(`the cache ${cacheRoot()} is empty`);
  else {
    print(table(entries.map(row), ''));
    print(`${fileSize(total(entries))} in ${cacheRoot()}`);
  }
}

async function remove(names: readonly string[], { all, olderThan, json }: RemoveOptions): Promise<void> {
  if (all !== true && olderThan === undefined && names.length === 0) {
    throw new DecantError('invalid-argument', 'no entries to remove were named', {
      remedy: 'Name entries from `decant cache ls`, or use --older-than DAYS or --all.',
    });
  }
  if (names.length > 0 || olderThan !== undefined) {
    refuseIdle({ '--all': all }, `with ${names.length > 0 ? 'names' : '--older-than'}`);
  }
  const { cacheEntries, removeCacheEntry } = await import('../../download/cache-entries.ts');
  const entries = await cacheEntries();
  const missing = names.find(name => !entries.some(entry => entry.name === name));
  if (missing !== undefined) {
    throw new DecantError('not-found', `'${missing}' is not in the cache`, { remedy: 'See `decant cache ls`.' });
  }
  const usedBefore = olderThan === undefined ? Infinity : Date.now() - olderThan * DAY;
  const chosen = entries.filter(({ name, used }) => (names.length === 0 || names.includes(name)) && used <= usedBefore);
  const busy: CacheEntry[] = [];
  const removed: CacheEntry[] = [];
  for (const entry of chosen) {
    const isRemoved = entry.state !== 'busy' && (await removeCacheEntry(entry));
    (isRemoved ? removed : busy).push(entry);
  }
  if (json === true) printJson({ folder: cacheRoot(), removed: removed.map(toJson), busy: busy.map(toJson) });
  else {
    if (removed.length > 0) print(table(removed.map(row), ''));
    print(`${fileSize(total(removed))} removed from ${cacheRoot()}`);
    for (const { name } of busy) logInfo(`${name} is in use by another process and was kept`);
  }
  if (busy.length > 0) process.exitCode = 1;
}

const total = (entries: readonly CacheEntry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

const row = ({ kind, name, bytes, used, state }: CacheEntry): readonly string[] => [
  kind,
  name,
  fileSize(bytes),
  `used ${ago(Date.now() - used)}`,
  state === 'ready' ? '' : state,
];

function ago(ms: number): string {
  const days = Math.floor(ms / DAY);
  if (days < 1) return 'today';
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

const toJson = ({ used, ...entry }: CacheEntry): object => ({ ...entry, used: new Date(used).toISOString() });
