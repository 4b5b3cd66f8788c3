import { Command } from 'commander';
import { print, printJson, table } from '../console.ts';

export const devicesCommand = (): Command =>
  new Command('devices')
    .description('List the devices that OpenVINO can run on here.')
    .option('--json', 'print JSON')
    .action(devices);

/** On its own, because TypeScript leaves the path as it is in functions with `using`. */
const loadCore = () => import('../../runtime/core.ts');

async function devices(options: { readonly json?: boolean }): Promise<void> {
  const { Core } = await loadCore();
  using core = new Core();
  const list = core
    .getAvailableDevices()
    .map(device => ({ device, name: core.getProperty(device, 'FULL_DEVICE_NAME') }));
  if (options.json === true) printJson({ devices: list });
  else print(table([...list.map(({ device, name }) => [device, name]), ['AUTO', 'lets OpenVINO choose']], ''));
}
