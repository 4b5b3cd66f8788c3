import { Command } from 'commander';
import { asDecantError } from '../../errors.ts';
import type { LocationReport } from '../../openvino/location.ts';
import { VERSION } from '../../version.ts';
import type { AvailableDevice } from '../available-devices.ts';
import { print, printJson, table } from '../console.ts';

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('Check the OpenVINO installation: where decant looks, what it finds, and what to do.')
    .option('--json', 'print JSON')
    .action(doctor);

interface Findings {
  readonly node: string;
  readonly platform: string;
  readonly looked: LocationReport['looked'];
  readonly openvino?: { readonly library: string; readonly how: string; readonly version: string };
  readonly devices: readonly AvailableDevice[];
  readonly problem?: string;
  readonly remedy?: string;
}

async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const findings = await examine();
  if (options.json === true) printJson(findings);
  else printFindings(findings);
  if (findings.problem !== undefined) process.exitCode = 1;
}

async function examine(): Promise<Findings> {
  const [{ locateOpenVino, GET_OPENVINO }, { Core }, { devicesOf }] = await Promise.all([
    import('../../openvino/location.ts'),
    import('../../runtime/core.ts'),
    import('../available-devices.ts'),
  ]);
  const { looked, found } = locateOpenVino();
  const here = { node: process.version, platform: `${process.platform}-${process.arch}`, looked };
  if (found === undefined) {
    return { ...here, devices: [], problem: 'OpenVINO was not found', remedy: GET_OPENVINO };
  }
  try {
    using core = new Core({ library: found.library });
    const devices = devicesOf(core);
    const openvino = { ...found, version: core.version };
    if (devices.length > 0) return { ...here, openvino, devices };
    const remedy = 'Install its device plugins beside it.';
    return { ...here, openvino, devices, problem: 'OpenVINO finds no device', remedy };
  } catch (thrown) {
    const { message, remedy = GET_OPENVINO } = asDecantError(thrown);
    return { ...here, devices: [], problem: message, remedy };
  }
}

function printFindings({ node, platform, looked, openvino, devices, problem, remedy }: Findings): void {
  print(`decant ${VERSION}, Node ${node}, ${platform}`);
  print('searched for OpenVINO:');
  print(table(looked.map(({ how, path, outcome }) => [how, path, outcome])));
  if (openvino !== undefined) print(`OpenVINO ${openvino.version}\n  ${openvino.library}`);
  if (devices.length > 0) print(`devices:\n${table(devices.map(({ device, name }) => [device, name]))}`);
  print(problem === undefined ? 'all is well' : `problem: ${problem}\n  try: ${remedy ?? ''}`);
}
