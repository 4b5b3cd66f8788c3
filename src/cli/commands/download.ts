import { Command, InvalidArgumentError } from 'commander';
import { DecantError } from '../../errors.ts';
import { endStatus, fileSize, milliseconds, logInfo, print, printJson, table } from '../console.ts';
import { givenOptions, refuseIdle } from '../refuse-idle.ts';
import { integerBetween, positiveUpTo } from '../parse-number.ts';
import { transferStatus } from '../transfer.ts';

interface DownloadCommandOptions {
  readonly output?: string;
  readonly list?: boolean;
  readonly sha256?: string;
  readonly force?: boolean;
  readonly offline?: boolean;
  readonly timeout: number;
  readonly retries: number;
  readonly maxSize: number;
  readonly json?: boolean;
}

export const downloadCommand = (): Command =>
  new Command('download')
    .description('Download a model by name or URL and print its path. Other commands download models on their own.')
    .argument('[model]', 'name in the TensorFlow detection zoo or TensorFlow Hub, or an HTTP(S) URL')
    .option('-o, --output <folder>', "folder to write to (default: decant's cache)")
    .option('--list', 'list the models that can be downloaded by name')
    .option('--sha256 <digits>', 'expected SHA-256 of the file', toSha256)
    .option('--force', 'download even if the file exists')
    .option('--offline', 'use only downloaded files; DECANT_OFFLINE=1 does so for all commands')
    .option('--timeout <seconds>', 'abort after this long without data', positiveUpTo(3600), 30)
    .option('--max-size <GB>', 'maximum size of a model', positiveUpTo(1000), 4)
    .option('--retries <n>', 'consecutive retries before giving up', integerBetween(0, 999), 5)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Interrupted downloads are resumed. Proxies are taken from HTTP_PROXY,
HTTPS_PROXY and NO_PROXY. The SHA-256 of each file is kept beside it, as
NAME.sha256.

Examples:
  $ decant download --list
  $ decant download ssd_mobilenet_v2_fpnlite_320x320
  $ decant download https://example.com/model.tar.gz -o models/
  $ decant detect efficientdet_d0 photo.jpg           downloads, converts, detects`,
    )
    .action(download);

function toSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('Must be 64 hexadecimal digits.');
  return text;
}

async function download(model: string | undefined, options: DownloadCommandOptions, command: Command): Promise<void> {
  if (options.list === true) {
    const others = givenOptions(command, flag => !/^--(?:list|json|debug|quiet|verbose)$/.test(flag));
    refuseIdle({ ...(model !== undefined && { [`'${model}'`]: true }), ...others }, 'with --list');
    await list(options);
    return;
  }
  if (model === undefined) {
    throw new DecantError('invalid-argument', 'no model was named', {
      remedy: 'Name one of `decant download --list`, or a URL.',
    });
  }
  if (options.offline === true) {
    const idle = givenOptions(command, flag => /^--(?:force|timeout|retries|max-size)$/.test(flag));
    refuseIdle(idle, 'with --offline, which downloads nothing');
  }
  const { downloadModel } = await import('../../download/download-model.ts');
  const start = performance.now();
  const { output: folder, sha256, force, offline, timeout, retries, maxSize } = options;
  const found = await downloadModel(model, {
    ...{ folder, sha256, force, offline, retries, timeout: timeout * 1000, maxBytes: maxSize * 1e9 },
    ...transferStatus(),
  });
  endStatus();
  if (options.json === true) {
    printJson(found);
    return;
  }
  print(found.path);
  const outcome = found.cached ? 'already downloaded' : `in ${milliseconds(performance.now() - start)}`;
  logInfo(`${fileSize(found.bytes)} ${outcome}, SHA-256 ${found.sha256}`);
}

async function list({ json }: DownloadCommandOptions): Promise<void> {
  const { ZOO_MODELS } = await import('../../download/zoo.ts');
  if (json === true) {
    printJson({ models: ZOO_MODELS });
    return;
  }
  const rows = ZOO_MODELS.map(({ name, from, outputs, map = '' }) => [name, from, map, outputs]);
  print(table([['name', 'from', 'mAP', 'outputs'], ...rows], ''));
}
