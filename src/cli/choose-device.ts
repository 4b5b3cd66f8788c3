import { DecantError } from '../errors.ts';
import { rememberDevice, rememberedDevice } from '../platform/settings.ts';
import { type AvailableDevice, availableDevices } from './available-devices.ts';
import { logInfo } from './console.ts';

const AUTO = 'AUTO';

export interface DeviceChoice {
  readonly device?: string | undefined;
  /** Whether standard output is for a program, so that nobody is prompted. */
  readonly json: boolean;
}

/**
 * Returns the named device, else the one remembered for this machine, else prompts for one. Without a terminal, or with a
 * single device, returns AUTO.
 */
export async function chooseDevice({ device, json }: DeviceChoice, listDevices = availableDevices): Promise<string> {
  if (device !== undefined) return device;
  if (json || !canPrompt()) return AUTO;
  const devices = listDevices();
  if (devices.length < 2) return AUTO;
  const remembered = await rememberedDevice();
  // A remembered device may have been removed.
  if (remembered === AUTO || devices.some(one => one.device === remembered)) return remembered!;
  const chosen = await prompt(devices);
  await rememberDevice(chosen).then(
    () => logInfo('remembered for this machine; run `decant devices --forget` to be asked again'),
    // Without a writable cache, it prompts each time.
    () => undefined,
  );
  return chosen;
}

const canPrompt = (): boolean =>
  process.stdin.isTTY && process.stderr.isTTY && ['', undefined].includes(process.env['CI']);

async function prompt(devices: readonly AvailableDevice[]): Promise<string> {
  const { isCancel, select } = await import('@clack/prompts');
  const width = Math.max(AUTO.length, ...devices.map(({ device }) => device.length));
  const chosen = await select({
    message: 'Which device should run the model?',
    options: [...devices, { device: AUTO, name: 'OpenVINO chooses' }].map(({ device, name }) => ({
      value: device,
      label: `${device.padEnd(width)}  ${name}`,
    })),
    initialValue: AUTO,
    // Standard output may be redirected to a file.
    output: process.stderr,
  });
  if (isCancel(chosen)) {
    throw new DecantError('cancelled', 'no device was chosen', { remedy: 'Name one with --device.' });
  }
  return chosen;
}
