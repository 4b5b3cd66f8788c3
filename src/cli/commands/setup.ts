import { Command } from 'commander';
import { endStatus, logInfo, print, printJson, progress } from '../console.ts';

interface Options {
  readonly force?: boolean;
  readonly json?: boolean;
}

export const setupCommand = (): Command =>
  new Command('setup')
    .description("Get OpenVINO's libraries into decant's cache, unless they are on this machine already.")
    .option('--force', 'get them even if an OpenVINO is found')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
OpenVINO comes as a Python package, through pip; Python itself is not used to run it.`,
    )
    .action(setup);

async function setup(options: Options): Promise<void> {
  const [{ locateOpenVino }, { setupOpenVino }] = await Promise.all([
    import('../../openvino/location.ts'),
    import('../../openvino/setup.ts'),
  ]);
  const { found } = locateOpenVino();
  if (found !== undefined && options.force !== true) {
    if (options.json === true) printJson({ ...found, installed: false });
    else print(`OpenVINO is here already (${found.how}): ${found.library}`);
    return;
  }
  logInfo('getting OpenVINO, about 60 MB...');
  const library = await setupOpenVino({
    onProgress: ({ phase, done, total }) => progress(phase, done, total),
  });
  endStatus();
  if (options.json === true) printJson({ library, how: 'decant setup', installed: true });
  else print(`OpenVINO is ready: ${library}`);
}
