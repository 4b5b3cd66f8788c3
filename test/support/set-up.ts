import { locateOpenVino } from '../../src/openvino/location.ts';
import { setupOpenVino } from '../../src/openvino/setup.ts';

/** Runs once before all tests: on a fresh machine it gets OpenVINO, so that no test's time limit counts the download. */
export async function setup(): Promise<void> {
  if (locateOpenVino().found === undefined) await setupOpenVino();
}
