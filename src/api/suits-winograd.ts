import type { Core } from '../runtime/core.ts';

/** Whether a device computes convolutions faster in tiles: CPUs do. Kernels of other devices do it themselves, or need not. */
export function suitsWinograd(core: Core, device: string): boolean {
  const [plan, list] = device.split(':', 2);
  const devices = list?.split(',') ?? (plan === 'AUTO' ? core.getAvailableDevices() : [device]);
  return devices.every(name => name.startsWith('CPU'));
}
