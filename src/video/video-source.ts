import { readdirSync, type Stats, statSync } from 'node:fs';
import { DecantError } from '../errors.ts';
import { fileError } from '../platform/file-error.ts';

const CAMERA = /^(?:camera:|\/dev\/video)(\d+)$/;
const URL_START = /^(?:https?|rtsps?):\/\//i;

/** Whether a video can be read only once, so that it is not probed. */
export const isLive = (source: string): boolean => CAMERA.test(source) || /^rtsps?:/i.test(source) || isPipe(source);

export function isPipe(source: string): boolean {
  try {
    return !URL_START.test(source) && statSync(source).isFIFO();
  } catch {
    return false;
  }
}

/** Microseconds without data before giving up on a server. */
const TIMEOUT = '30000000';

export function inputOptions(source: string): readonly string[] {
  const camera = CAMERA.exec(source)?.[1];
  if (camera !== undefined) return cameraOptions(camera);
  if (/^rtsp/i.test(source)) return ['-rtsp_transport', 'tcp', '-i', source];
  if (URL_START.test(source)) return ['-rw_timeout', TIMEOUT, '-i', source];
  if (isPipe(source)) return ['-protocol_whitelist', 'pipe', '-i', 'pipe:0'];
  checkFile(source);
  // Playlists must not open URLs, and a colon in a file name must not make it one.
  return ['-protocol_whitelist', 'file', '-i', `file:${source}`];
}

function checkFile(path: string): void {
  const stats = statsOf(path);
  if (stats.isFile()) return;
  const kind = stats.isDirectory() ? 'folder' : 'device or socket';
  throw new DecantError('io', `'${path}' is a ${kind}, not a video`);
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

function cameraOptions(number: string): readonly string[] {
  switch (process.platform) {
    case 'linux':
      return ['-f', 'v4l2', '-i', linuxCamera(number)];
    case 'darwin':
      return ['-f', 'avfoundation', '-framerate', '30', '-i', `${number}:none`];
    default:
      throw new DecantError('unsupported', 'cameras are supported on Linux and macOS only', {
        remedy: 'Use the URL of a stream.',
      });
  }
}

function linuxCamera(number: string): string {
  const cameras = readdirSync('/dev').filter(name => CAMERA.test(`/dev/${name}`));
  if (cameras.includes(`video${number}`)) return `/dev/video${number}`;
  throw new DecantError('not-found', `camera /dev/video${number} does not exist`, {
    remedy:
      cameras.length === 0
        ? 'Connect a camera; none was found.'
        : `Use ${cameras.map(name => `/dev/${name}`).join(' or ')}.`,
  });
}
