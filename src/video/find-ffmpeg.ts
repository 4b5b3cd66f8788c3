import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, dirname, extname, join } from 'node:path';
import { DecantError } from '../errors.ts';

export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

const VARIABLE = 'DECANT_FFMPEG';

const GET_FFMPEG =
  'Install ffmpeg (`apt install ffmpeg`, `brew install ffmpeg`, `winget install ffmpeg`), or set DECANT_FFMPEG to its binary.';

/** Finds ffmpeg at `DECANT_FFMPEG` or on the `PATH`, and ffprobe next to it or on the `PATH`. */
export function findFfmpeg(): Ffmpeg {
  const chosen = process.env[VARIABLE] ?? '';
  const ffmpeg = chosen === '' ? onPath('ffmpeg') : chosen;
  if (ffmpeg === undefined) {
    throw new DecantError('not-found', 'reading and writing videos requires ffmpeg, which is not on the PATH', {
      remedy: GET_FFMPEG,
    });
  }
  if (!isProgram(ffmpeg)) {
    throw new DecantError('not-found', `${VARIABLE} is '${ffmpeg}', which is not an executable file`, {
      remedy: GET_FFMPEG,
    });
  }
  const sibling = join(dirname(ffmpeg), `ffprobe${extname(basename(ffmpeg)) === '.exe' ? '.exe' : ''}`);
  const ffprobe = isProgram(sibling) ? sibling : onPath('ffprobe');
  if (ffprobe !== undefined) return { ffmpeg, ffprobe };
  throw new DecantError('not-found', `there is no ffprobe next to '${ffmpeg}' or on the PATH`, { remedy: GET_FFMPEG });
}

function onPath(name: string): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  return folders.map(folder => join(folder, file)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
