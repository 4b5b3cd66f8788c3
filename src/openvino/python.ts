import { spawnSync } from 'node:child_process';
import { delimiter, join, parse } from 'node:path';
import { homeFolder } from '../platform/home-folder.ts';
import { namesIn } from './library.ts';

/** Milliseconds; a `python` that takes longer is probably a stub that opens an installer. */
const PYTHON_TIMEOUT = 5000;

export type PythonCommand = readonly [command: string, ...args: string[]];

export const PYTHON_COMMANDS: readonly PythonCommand[] =
  process.platform === 'win32' ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']];

export function packageFolders(prefix: string): readonly string[] {
  if (process.platform === 'win32') return [join(prefix, 'Lib', 'site-packages')];
  const lib = join(prefix, 'lib');
  return namesIn(lib, /^python3(?:\.\d+)?$/).flatMap(python =>
    ['site-packages', 'dist-packages'].map(packages => join(lib, python, packages)),
  );
}

export function usualPackageFolders(): readonly string[] {
  const home = homeFolder() ?? '/';
  if (process.platform === 'win32') {
    const own = join(process.env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Python');
    const programs = join(process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Programs', 'Python');
    return [
      ...namesIn(own, /^Python3\d+$/).map(python => join(own, python, 'site-packages')),
      ...namesIn(programs, /^Python3\d+$/).flatMap(python => packageFolders(join(programs, python))),
    ];
  }
  const framework = join(home, 'Library', 'Python');
  return [
    ...packageFolders(join(home, '.local')),
    ...namesIn(framework, /^3\.\d+$/).map(version => join(framework, version, 'lib', 'python', 'site-packages')),
    ...['/usr/local', '/opt/homebrew', '/usr'].flatMap(packageFolders),
  ];
}

export function askPython([command, ...args]: PythonCommand): readonly string[] | string {
  const script = `import sys; print(${JSON.stringify(delimiter)}.join(sys.path))`;
  const { error, status, stdout } = spawnSync(command, [...args, '-c', script], {
    // Neither Python itself nor its modules may come from the user's working folder.
    cwd: parse(process.execPath).root,
    encoding: 'utf8',
    timeout: PYTHON_TIMEOUT,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) {
    return 'code' in error && error.code === 'ENOENT' ? 'is not installed' : `failed: ${error.message}`;
  }
  if (status !== 0) return `exited with status ${status}`;
  return stdout
    .trim()
    .split(delimiter)
    .filter(path => path !== '');
}
