import { Command } from 'commander';
import { print, printJson, table } from '../console.ts';

interface DevicesOptions {
  readonly forget?: boolean;
  readonly json?: boolean;
}

export const devicesCommand = (): Command =>
  new Command('devices')
    .description('List the devices that OpenVINO can use on this machine.')
    .option('--forget', 'forget the chosen device; `decant detect` prompts again in a terminal')
    .option('--json', 'print JSON')
    .action(devices);

async function devices({ forget, json }: DevicesOptions): Promise<void> {
  if (forget === true) {
    const { rememberDevice } = await import('../../platform/settings.ts');
    await rememberDevice(undefined);
  }
  const { availableDevices } = await import('../available-devices.ts');
  const list = availableDevices();
  if (json === true) printJson({ devices: list });
  else print(table([...list.map(({ device, name }) => [device, name]), ['AUTO', 'OpenVINO chooses']], ''));
}
