import { locateOpenVino } from '../../src/openvino/location.ts';
import { setupOpenVino } from '../../src/openvino/setup.ts';

/** Downloads OpenVINO, if necessary, before all tests, so that it does not count towards the timeout of a test. */
export async function setup(): Promise<void> {
  if (locateOpenVino().found === undefined) await setupOpenVino();
}
