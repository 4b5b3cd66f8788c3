import { locateOpenVino } from '../../src/openvino/location.ts';
import { setupOpenVino } from '../../src/openvino/setup.ts';
import { Core } from '../../src/runtime/core.ts';

export async function openVinoLibrary(): Promise<string> {
  return locateOpenVino().found?.library ?? (await setupOpenVino());
}

/** Shared by the tests of a file, so that plugins are loaded once. */
export const core = new Core({ library: await openVinoLibrary() });
