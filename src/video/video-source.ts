import { readdirSync, statSync } from 'node:fs';
import { DecantError } from '../errors.ts';
import { fileError } from '../platform/file-error.ts';

/** `camera:0`, or `/dev/video0`. */
const CAMERA = /^(?:camera:|\/dev\/video)(\d+)$/;
const URL_START = /^(?:https?|rtsps?):\/\//i;

/** Whether a source goes on until somebody ends it: a camera, or a stream of one. */
export const isLive = (source: string): boolean => CAMERA.test(source) || /^rtsps?:/i.test(source);

/** How long a server may be silent, in microseconds. */
const SILENCE = '30000000';

/**
 * The options by which ffmpeg and ffprobe open a source.
 *
 * @throws DecantError `not-found` for a file or a camera that is not there, `io` for a folder, `unsupported` for cameras
 *   on systems where they have no numbers
 */
export function inputOptions(source: string): readonly string[] {
  const camera = CAMERA.exec(source)?.[1];
  if (camera !== undefined) return cameraOptions(camera);
  if (/^rtsp/i.test(source)) return ['-rtsp_transport', 'tcp', '-i', source];
  if (URL_START.test(source)) return ['-rw_timeout', SILENCE, '-i', source];
  checkFile(source);
  // A file that names others has no say in what is opened, and a colon in its name does not make it an address.
  return ['-protocol_whitelist', 'file', '-i', `file:${source}`];
}

function checkFile(path: string): void {
  let isFile: boolean;
  try {
    isFile = !statSync(path).isDirectory();
  } catch (thrown) {
    throw fileError(path, thrown);
  }
  if (!isFile) throw new DecantError('io', `'${path}' is a folder`, { remedy: 'Name a video.' });
}

function cameraOptions(number: string): readonly string[] {
  switch (process.platform) {
    case 'linux':
      return ['-f', 'v4l2', '-i', linuxCamera(number)];
    case 'darwin':
      return ['-f', 'avfoundation', '-framerate', '30', '-i', `${number}:none`];
    default:
      throw new DecantError('unsupported', 'cameras are found by number on Linux and macOS only', {
        remedy: 'Give the address of a stream.',
      });
  }
}

function linuxCamera(number: string): string {
  const cameras = readdirSync('/dev').filter(name => CAMERA.test(`/dev/${name}`));
  if (cameras.includes(`video${number}`)) return `/dev/video${number}`;
  throw new DecantError('not-found', `there is no camera /dev/video${number}`, {
    remedy:
      cameras.length === 0
        ? 'Connect a camera; this machine has none.'
        : `Use ${cameras.map(name => `/dev/${name}`).join(' or ')}.`,
  });
}
