import { locateOpenVino } from '../../src/openvino/location.ts';
import { setupOpenVino } from '../../src/openvino/setup.ts';
import { Core } from '../../src/runtime/core.ts';

/** OpenVINO's C library: the one on this machine, or else one that is set up first. */
export async function openVinoLibrary(): Promise<string> {
  return locateOpenVino().found?.library ?? (await setupOpenVino());
}

/** The core that tests share: plugins are loaded once. */
export const core = new Core({ library: await openVinoLibrary() });
