import { DecantError } from '../errors.ts';

/** First release with the functions that decant calls: year, minor. */
const OLDEST = [2024, 0] as const;

export const NEWER_OPENVINO =
  'Run `decant setup`, or `pip install --upgrade openvino`, or set DECANT_OPENVINO to the folder of a newer OpenVINO.';

/**
 * Checks the build number of the library at `path`: `2026.4.1-22982-e213a147257-releases/2026/4`. Custom builds with other
 * formats are accepted.
 *
 * @throws DecantError `runtime-failed` if it is older than 2024.0
 */
export function checkVersion(build: string, path: string): void {
  const match = /^(\d{4})\.(\d+)/.exec(build);
  if (match === null) return;
  const year = Number(match[1]);
  const minor = Number(match[2]);
  if (year > OLDEST[0] || (year === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new DecantError(
    'runtime-failed',
    `OpenVINO ${build.split('-')[0]!} at ${path} is too old: decant needs ${OLDEST.join('.')} or newer`,
    { remedy: NEWER_OPENVINO },
  );
}
