import { Core } from '../runtime/core.ts';

export interface AvailableDevice {
  readonly device: string;
  readonly name: string;
}

export function availableDevices(): readonly AvailableDevice[] {
  using core = new Core();
  return devicesOf(core);
}

export const devicesOf = (core: Core): readonly AvailableDevice[] =>
  core.getAvailableDevices().map(device => ({ device, name: core.getProperty(device, 'FULL_DEVICE_NAME') }));
