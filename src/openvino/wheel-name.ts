import { DecantError } from '../errors.ts';

export interface WheelName {
  readonly version: string;
  readonly python: string;
  readonly platforms: readonly string[];
}

/** Parses `openvino-2026.4.1-22982-cp312-cp312-manylinux2014_x86_64.whl`. */
export function wheelName(file: string): WheelName | undefined {
  const [, version, python, platforms] =
    /^openvino-([\d.]+)(?:-[^-]+)?-([^-]+)-[^-]+-([^-]+)\.whl$/i.exec(decodeURIComponent(file)) ?? [];
  if (version === undefined || python === undefined || platforms === undefined) return undefined;
  return { version, python, platforms: platforms.split('.') };
}

/** Parses the name of a wheel for this machine. @throws DecantError `invalid-argument` for other files and machines */
export function ownWheelName(file: string): WheelName {
  const name = wheelName(file);
  if (name === undefined) {
    throw new DecantError('invalid-argument', `'${file}' is not the name of an OpenVINO wheel`, {
      remedy: 'Keep the name that it has in the package index: openvino-VERSION-...-PLATFORM.whl.',
    });
  }
  if (name.platforms.some(fitsHere)) return name;
  throw new DecantError(
    'invalid-argument',
    `'${file}' is for another platform than ${process.platform}-${process.arch}`,
  );
}

const MACHINES: Readonly<Record<string, readonly string[]>> = {
  x64: ['x86_64', 'amd64', 'universal2'],
  arm64: ['aarch64', 'arm64', 'universal2'],
};

const SYSTEMS: Readonly<Record<string, RegExp>> = {
  linux: /^(?:many)?linux/,
  darwin: /^macosx_/,
  win32: /^win_/,
};

/** Whether a platform tag names this machine: all wheels of a release for it contain the same libraries. */
export const fitsHere = (platform: string): boolean =>
  SYSTEMS[process.platform]?.test(platform) === true &&
  (MACHINES[process.arch] ?? []).some(machine => platform.endsWith(`_${machine}`));
