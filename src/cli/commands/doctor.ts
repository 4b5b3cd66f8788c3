import { Command } from 'commander';
import { asDecantError } from '../../errors.ts';
import type { LocationReport } from '../../openvino/location.ts';
import { VERSION } from '../../version.ts';
import type { AvailableDevice } from '../available-devices.ts';
import { fileSize, print, printJson, table } from '../console.ts';
import type { MachineFacts } from '../machine-facts.ts';

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
  readonly machine: MachineFacts;
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
  const [{ locateOpenVino, GET_OPENVINO }, { Core }, { devicesOf }, { machineFacts }] = await Promise.all([
    import('../../openvino/location.ts'),
    import('../../runtime/core.ts'),
    import('../available-devices.ts'),
    import('../machine-facts.ts'),
  ]);
  const { looked, found } = locateOpenVino();
  const machine = await machineFacts();
  const { problem, remedy } = machine.cache;
  const here = { node: process.version, platform: `${process.platform}-${process.arch}`, looked, machine };
  if (found === undefined) {
    return { ...here, devices: [], problem: 'OpenVINO was not found', remedy: GET_OPENVINO };
  }
  try {
    using core = new Core({ library: found.library });
    const devices = devicesOf(core);
    const openvino = { ...found, version: core.version };
    if (devices.length > 0) return { ...here, openvino, devices, ...(problem !== undefined && { problem, remedy }) };
    const plugins = 'Install its device plugins beside it.';
    return { ...here, openvino, devices, problem: 'OpenVINO finds no device', remedy: plugins };
  } catch (thrown) {
    const { message, remedy = GET_OPENVINO } = asDecantError(thrown);
    return { ...here, devices: [], problem: message, remedy };
  }
}

function printFindings({ node, platform, looked, openvino, devices, machine, problem, remedy }: Findings): void {
  print(`decant ${VERSION}, Node ${node}, ${platform}`);
  print('searched for OpenVINO:');
  print(table(looked.map(({ how, path, outcome }) => [how, path, outcome])));
  if (openvino !== undefined) print(`OpenVINO ${openvino.version}\n  ${openvino.library}`);
  if (devices.length > 0) print(`devices:\n${table(devices.map(({ device, name }) => [device, name]))}`);
  print(`other software:\n${table(machineRows(machine))}`);
  print(problem === undefined ? 'all is well' : `problem: ${problem}\n  try: ${remedy ?? ''}`);
}

function machineRows({ ffmpeg, python, cache, drivers }: MachineFacts): readonly (readonly string[])[] {
  const rows = [
    ['ffmpeg', ffmpeg.problem ?? `${ffmpeg.version ?? ''}  ${ffmpeg.path ?? ''}`],
    ['Python', python.problem ?? `${python.version ?? ''}  ${python.command ?? ''}`],
    ['cache', cache.problem ?? `${fileSize(cache.bytes ?? 0)}  ${cache.path ?? ''}`],
  ];
  if (drivers?.length === 0) return [...rows, ['drivers', 'no GPU or NPU driver']];
  const used = (drivers ?? []).map(({ device, driver, path, usable }) => {
    return [device, `${driver}  ${path}${usable ? '' : ' (this user may not use it)'}`];
  });
  return [...rows, ...used];
}
