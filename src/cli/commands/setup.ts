import { Command } from 'commander';
import { endStatus, logInfo, print, printJson, progress } from '../console.ts';

interface SetupOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

export const setupCommand = (): Command =>
  new Command('setup')
    .description("Install the OpenVINO libraries into decant's cache, unless this machine already has them.")
    .option('--force', 'install even if OpenVINO is found')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
OpenVINO is downloaded as a Python package, with pip. Running it does not need Python.`,
    )
    .action(setup);

async function setup(options: SetupOptions): Promise<void> {
  const [{ locateOpenVino }, { setupOpenVino }] = await Promise.all([
    import('../../openvino/location.ts'),
    import('../../openvino/setup.ts'),
  ]);
  const { found } = locateOpenVino();
  if (found !== undefined && options.force !== true) {
    if (options.json === true) printJson({ ...found, installed: false });
    else print(`OpenVINO is already installed (${found.how}): ${found.library}`);
    return;
  }
  logInfo('downloading OpenVINO, about 60 MB...');
  const library = await setupOpenVino({
    onProgress: ({ phase, done, total }) => progress(phase, done, total),
  });
  endStatus();
  if (options.json === true) printJson({ library, how: 'decant setup', installed: true });
  else print(`OpenVINO is ready: ${library}`);
}
