import { Command } from 'commander';
import { devicesHere } from '../choose-device.ts';
import { print, printJson, table } from '../console.ts';

export const devicesCommand = (): Command =>
  new Command('devices')
    .description('List the devices that OpenVINO can run on here.')
    .option('--forget', 'ask anew which one to use, when `decant detect` is next run on a terminal')
    .option('--json', 'print JSON')
    .action(devices);

async function devices(options: { readonly forget?: boolean; readonly json?: boolean }): Promise<void> {
  if (options.forget === true) {
    const { rememberDevice } = await import('../../platform/settings.ts');
    await rememberDevice(undefined);
  }
  const list = await devicesHere();
  if (options.json === true) printJson({ devices: list });
  else print(table([...list.map(({ device, name }) => [device, name]), ['AUTO', 'lets OpenVINO choose']], ''));
}
