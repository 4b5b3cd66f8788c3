import { devNull } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../platform/home-folder.ts';
import { readFile } from '../platform/read-file.ts';

/** Returns the package index that pip is configured to use: `PIP_INDEX_URL`, or `index-url` of its files. */
export async function pipIndex(): Promise<string | undefined> {
  const chosen = process.env['PIP_INDEX_URL'];
  if (chosen !== undefined && chosen !== '') return chosen;
  for (const path of configFiles()) {
    const index = indexIn(await textAt(path));
    if (index !== undefined) return index;
  }
  return undefined;
}

/** pip's own files, the most specific first. */
function configFiles(): readonly string[] {
  const home = homeFolder() ?? '/';
  const chosen = process.env['PIP_CONFIG_FILE'];
  // pip's own way to ignore all files.
  if (chosen === devNull) return [];
  const named = chosen === undefined || chosen === '' ? [] : [chosen];
  const prefix = process.env['VIRTUAL_ENV'];
  const environment = prefix === undefined ? [] : [join(prefix, 'pip.conf'), join(prefix, 'pip.ini')];
  if (process.platform === 'win32') {
    const folders = [process.env['APPDATA'], process.env['PROGRAMDATA']].filter(folder => folder !== undefined);
    return [
      ...named,
      ...environment,
      join(home, 'pip', 'pip.ini'),
      ...folders.map(each => join(each, 'pip', 'pip.ini')),
    ];
  }
  const config = process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  return [
    ...named,
    ...environment,
    join(config, 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    join(home, 'Library', 'Application Support', 'pip', 'pip.conf'),
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
  ];
}

const MAX_BYTES = 2 ** 20;

/** The sections that apply to downloads, the more specific one first. */
const SECTIONS = ['download', 'global'];

function indexIn(text: string): string | undefined {
  const found = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim() ?? section;
    const value = /^\s*index[-_]url\s*[=:]\s*(\S+)/.exec(line)?.[1];
    if (value !== undefined) found.set(section, value);
  }
  return SECTIONS.map(name => found.get(name)).find(url => url !== undefined);
}

const textAt = (path: string): Promise<string> => readFile(path, MAX_BYTES).then(String, () => '');
