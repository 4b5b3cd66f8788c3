import { Command, InvalidArgumentError } from 'commander';
import { DecantError } from '../../errors.ts';
import { endStatus, fileSize, milliseconds, logInfo, print, printJson, table } from '../console.ts';
import { integerBetween, positiveUpTo } from '../parse-number.ts';
import { transferStatus } from '../transfer.ts';

interface Options {
  readonly output?: string;
  readonly list?: boolean;
  readonly sha256?: string;
  readonly force?: boolean;
  readonly offline?: boolean;
  readonly timeout: number;
  readonly retries: number;
  readonly json?: boolean;
}

export const downloadCommand = (): Command =>
  new Command('download')
    .description('Download a model by its name or URL, and print its path. Other commands do so by themselves.')
    .argument('[model]', "a name of TensorFlow's detection zoo or of TensorFlow Hub, or an http(s) URL")
    .option('-o, --output <folder>', "where it goes (default: decant's cache)")
    .option('--list', 'list the models that have names')
    .option('--sha256 <digits>', 'the SHA-256 that the file must have', toSha256)
    .option('--force', 'download what is there already')
    .option('--offline', 'take only what is there; DECANT_OFFLINE=1 does so for all commands')
    .option('--timeout <seconds>', 'give up a connection that brings nothing for so long', positiveUpTo(3600), 30)
    .option('--retries <n>', 'tries in a row after one that failed', integerBetween(0, 999), 5)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A download that was broken off goes on where it ended. Proxies are those of HTTP_PROXY, HTTPS_PROXY
and NO_PROXY. The SHA-256 of each file is kept beside it, as NAME.sha256.

Examples:
  $ decant download --list
  $ decant download ssd_mobilenet_v2_fpnlite_320x320
  $ decant download https://example.com/model.tar.gz -o models/
  $ decant detect efficientdet_d0 photo.jpg           downloads, converts, finds`,
    )
    .action(download);

function toSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('A SHA-256 has 64 hexadecimal digits.');
  return text;
}

async function download(model: string | undefined, options: Options): Promise<void> {
  if (options.list === true) {
    await list(options);
    return;
  }
  if (model === undefined) {
    throw new DecantError('invalid-argument', 'no model is named', {
      remedy: 'Give a name of `decant download --list`.',
    });
  }
  const { downloadModel } = await import('../../download/download-model.ts');
  const start = performance.now();
  const { output: folder, sha256, force, offline, timeout, retries } = options;
  const found = await downloadModel(model, {
    ...{ folder, sha256, force, offline, retries, timeout: timeout * 1000 },
    ...transferStatus(),
  });
  endStatus();
  if (options.json === true) {
    printJson(found);
    return;
  }
  print(found.path);
  const how = found.cached ? 'was there already' : `in ${milliseconds(performance.now() - start)}`;
  logInfo(`${fileSize(found.bytes)} ${how}, SHA-256 ${found.sha256}`);
}

async function list({ json }: Options): Promise<void> {
  const { ZOO_MODELS } = await import('../../download/zoo.ts');
  if (json === true) {
    printJson({ models: ZOO_MODELS });
    return;
  }
  const rows = ZOO_MODELS.map(({ name, from, outputs, map = '' }) => [name, from, map, outputs]);
  print(table([['name', 'from', 'mAP', 'finds'], ...rows], ''));
}
