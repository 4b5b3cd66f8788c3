import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, dirname, extname, join } from 'node:path';
import { DecantError } from '../errors.ts';

/** The programs that read and write videos. */
export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** The variable that names another binary than the one on the `PATH`. */
const CHOSEN = 'DECANT_FFMPEG';

const GET_FFMPEG =
  'Install ffmpeg (`apt install ffmpeg`, `brew install ffmpeg`, `winget install ffmpeg`), or set DECANT_FFMPEG to its binary.';

/**
 * The ffmpeg that `DECANT_FFMPEG` names, or the first on the `PATH`, with the ffprobe beside it.
 *
 * @throws DecantError `not-found`
 */
export function findFfmpeg(): Ffmpeg {
  const chosen = process.env[CHOSEN] ?? '';
  const ffmpeg = chosen === '' ? onPath('ffmpeg') : chosen;
  if (ffmpeg === undefined) {
    throw new DecantError('not-found', 'videos are read and written by ffmpeg, which is not on the PATH', {
      remedy: GET_FFMPEG,
    });
  }
  if (!isProgram(ffmpeg)) {
    throw new DecantError('not-found', `${CHOSEN} names '${ffmpeg}', and there is no such program`, {
      remedy: GET_FFMPEG,
    });
  }
  const beside = join(dirname(ffmpeg), `ffprobe${extname(basename(ffmpeg)) === '.exe' ? '.exe' : ''}`);
  const ffprobe = isProgram(beside) ? beside : onPath('ffprobe');
  if (ffprobe !== undefined) return { ffmpeg, ffprobe };
  throw new DecantError('not-found', `there is no ffprobe beside '${ffmpeg}'`, { remedy: GET_FFMPEG });
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
