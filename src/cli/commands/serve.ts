import { Command, InvalidArgumentError } from 'commander';
import type { ServeCommandOptions } from '../serve/run-serve.ts';
import { cacheDirOption, precisionOption, withHead } from '../model-options.ts';
import { integerBetween, integerFrom, positiveUpTo } from '../parse-number.ts';

const PORT = integerBetween(0, 65_535);

/** Seconds in a day. */
const LONGEST = 86_400;

const repeated = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const serveCommand = (): Command =>
  withHead(
    new Command('serve')
      .description(
        'Serve models over HTTP and gRPC: detections, and tensors by the Open Inference Protocol (KServe v2).',
      )
      .argument('[model...]', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL, or NAME=PATH')
      .option('--models <folder>', 'serve all models of a folder: NAME/VERSION/model.xml, as in OpenVINO Model Server')
      .option('--port <n>', 'port for HTTP; 0 for any', PORT, 8080)
      .option('--grpc-port <n>', 'port for gRPC; 0 for any (default: no gRPC)', PORT)
      .option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1')
      .option('--device <name>', 'device to run on: CPU, GPU, NPU, AUTO', 'AUTO')
      .addOption(precisionOption())
      .addOption(cacheDirOption())
      .option('--offline', 'download nothing; use cached models only')
      .option('--api-key <key>', 'key that clients must send (default: DECANT_API_KEY, if set)')
      .option(
        '--allow-host <name>',
        'name of this server, besides localhost and addresses; * for any; repeatable',
        repeated,
      )
      .option('--cors <origin>', 'origin whose web pages may use this server; * for all; repeatable', repeated)
      .option('--image-host <host>', 'host whose images may be fetched by URL: *.example.com; repeatable', repeated)
      .option('--queue <n>', 'requests per model that wait; more are answered with 503', integerFrom(0), 64)
      .option('--max-batch <n>', 'requests that run as one inference, if the model has a batch', integerFrom(1), 8)
      .option('--max-request <MB>', 'maximum size of a request, in megabytes', positiveUpTo(1024), 32)
      .option('--max-pixels <n>', 'maximum size of an image, in millions of pixels', positiveUpTo(268), 64)
      .option('--timeout <seconds>', 'maximum time for a request', positiveUpTo(LONGEST), 30)
      .option('--reload <seconds>', 'how often to look for changed model files; 0 for never', toSeconds, 1),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ decant serve centernet.json                             http://127.0.0.1:8080/v1/models/centernet/detect
  $ decant serve fast=ssd.xml exact=frcnn.xml --device CPU  two models
  $ decant serve --models /models --host 0.0.0.0 --allow-host detector.example --grpc-port 9000
  $ curl --data-binary @photo.jpg 'http://127.0.0.1:8080/v1/models/centernet/detect?threshold=0.3'`,
    )
    .action(serve);

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError(`Must be between 0 and ${LONGEST}.`);
}

async function serve(models: readonly string[], options: ServeCommandOptions): Promise<void> {
  const { runServe } = await import('../serve/run-serve.ts');
  await runServe(models, options);
}
