import { Command } from 'commander';
import { DecantError } from '../../errors.ts';
import { endStatus, logInfo, print, printJson, progress } from '../console.ts';

interface SetupOptions {
  readonly force?: boolean;
  readonly json?: boolean;
  readonly wheel?: string;
  readonly index?: string;
}

export const setupCommand = (): Command =>
  new Command('setup')
    .description("Install the OpenVINO libraries into decant's cache, unless this machine already has them.")
    .option('--force', 'install even if OpenVINO is found')
    .option('--wheel <file|url>', 'unpack this OpenVINO wheel; needs no Python')
    .option('--index <url>', 'download from this Python package index; needs no Python')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
OpenVINO is downloaded as a Python package: with pip, or without Python from the
index that --index, PIP_INDEX_URL or pip.conf names. Running it needs no Python.`,
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
  const { wheel, index } = options;
  if (wheel !== undefined && index !== undefined) {
    throw new DecantError('invalid-argument', '--wheel and --index both say where OpenVINO comes from', {
      remedy: 'Give one of them.',
    });
  }
  if (wheel === undefined) logInfo('downloading OpenVINO, about 60 MB...');
  const library = await setupOpenVino({
    wheel,
    index,
    onProgress: ({ phase, done, total }) => progress(phase, done, total),
  });
  endStatus();
  if (options.json === true) printJson({ library, how: 'decant setup', installed: true });
  else print(`OpenVINO is ready: ${library}`);
}
