import { DecantError } from '../errors.ts';

/** First release with the functions that decant calls: year, minor. */
const OLDEST = [2024, 0] as const;

export const NEWER_OPENVINO =
  'Run `decant setup`, or `pip install --upgrade openvino`, or set DECANT_OPENVINO to the folder of a newer OpenVINO.';

/** Accepts custom builds, whose build numbers have other formats. */
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
