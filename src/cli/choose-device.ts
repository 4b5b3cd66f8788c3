import { DecantError } from '../errors.ts';
import { logInfo } from './console.ts';

/** The device that lets OpenVINO choose. */
const AUTO = 'AUTO';

export interface DeviceChoice {
  readonly device?: string | undefined;
  /** Whether what is printed is for a program: nobody is asked then. */
  readonly json: boolean;
}

/**
 * The device to run on: the one that is named, else the one that was chosen on this machine before, else what the user
 * chooses now. Where there is no terminal to ask on, it is AUTO.
 *
 * @throws DecantError `runtime-missing`, `cancelled`
 */
export async function chooseDevice({ device, json }: DeviceChoice): Promise<string> {
  if (device !== undefined) return device;
  if (json || !canAsk()) return AUTO;
  const devices = await devicesHere();
  const { rememberedDevice, rememberDevice } = await import('../platform/settings.ts');
  const before = await rememberedDevice();
  // A device that was taken out is not there to be used.
  if (before === AUTO || devices.some(one => one.device === before)) return before!;
  const chosen = await ask(devices);
  await rememberDevice(chosen).then(
    () => logInfo(`remembered for this machine; \`decant devices --forget\` forgets it`),
    // Without a cache that can be written to there is a question each time, and still an answer to it.
    () => undefined,
  );
  return chosen;
}

const canAsk = (): boolean =>
  process.stdin.isTTY && process.stderr.isTTY && ['', undefined].includes(process.env['CI']);

interface Device {
  readonly device: string;
  readonly name: string;
}

/** On its own, because TypeScript leaves the path as it is in functions with `using`. */
const loadCore = () => import('../runtime/core.ts');

/** The devices of this machine, with their full names. */
export async function devicesHere(): Promise<readonly Device[]> {
  const { Core } = await loadCore();
  using core = new Core();
  return core.getAvailableDevices().map(device => ({ device, name: core.getProperty(device, 'FULL_DEVICE_NAME') }));
}

async function ask(devices: readonly Device[]): Promise<string> {
  const { isCancel, select } = await import('@clack/prompts');
  const width = Math.max(AUTO.length, ...devices.map(({ device }) => device.length));
  const chosen = await select({
    message: 'Where shall the model run?',
    options: [...devices, { device: AUTO, name: 'OpenVINO chooses' }].map(({ device, name }) => ({
      value: device,
      label: `${device.padEnd(width)}  ${name}`,
    })),
    initialValue: AUTO,
    // What is printed may go into a file.
    output: process.stderr,
  });
  if (isCancel(chosen))
    throw new DecantError('cancelled', 'no device was chosen', { remedy: 'Name one with --device.' });
  return chosen;
}
