import { Command, InvalidArgumentError } from 'commander';
import type { DetectorOptions } from '../../api/detector-options.ts';
import type { Size } from '../../image/image.ts';
import { cacheDirOption, type ModelOptions, precisionOption, withModelOptions } from '../model-options.ts';
import { integerFrom, numberBetween } from '../parse-number.ts';
import { type ResultOptions, withResultOptions } from '../result-options.ts';
import { type TrackOptions, withTrackOptions } from './track-options.ts';

export interface DetectCommandOptions extends ModelOptions, ResultOptions, TrackOptions {
  readonly device?: string;
  readonly precision: NonNullable<DetectorOptions['precision']>;
  readonly cacheDir?: string;
  readonly threshold: number;
  readonly classes?: string;
  readonly maxDetections?: number;
  readonly labels?: string;
  readonly page?: string;
  readonly tile?: Size;
  readonly overlap?: number;
  readonly save?: string;
  readonly crop?: string;
  readonly report?: string;
  readonly resume?: boolean;
  readonly every?: number;
  readonly maxFrames?: number;
}

export const detectCommandWithOptions = (): Command => {
  const command = new Command('detect')
    .description('Detect objects in images and videos. TensorFlow models are converted first; the result is cached.')
    .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
    .argument('<input...>', 'images, videos, folders, patterns, URLs, camera:0, or - for standard input');
  withDetectionOptions(command.optionsGroup('What to detect:'));
  withOutputOptions(command.optionsGroup('Images and pages:'));
  withResultOptions(command.optionsGroup('Results for programs:'));
  withVideoOptions(command.optionsGroup('Videos:'));
  withModelOptions(withDeviceOptions(command.optionsGroup('Model and device:')));
  return command.addHelpText('after', EXAMPLES);
};

const withDetectionOptions = (command: Command): Command =>
  command
    .option('--threshold <score>', 'lowest score to report, 0 to 1', numberBetween(0, 1), 0.5)
    .option('--classes <names>', 'report only these classes: comma-separated names or ids')
    .option('--top, --max-detections <n>', 'report at most this many objects per image or frame', integerFrom(0))
    .option(
      '--labels <file>',
      'class names: one per line, CSV, a label map, JSON, COCO annotations, or YAML with names',
    )
    .option('--page <pages>', 'pages to use from multi-page files: 3, 2-5 or 1,4-')
    .option('--tile <size>', 'also run on tiles of large images, to find small objects: 640 or 640x480 pixels', toTile)
    .option('--overlap <share>', 'overlap of neighboring tiles, 0 to 0.9 (default: 0.2)', numberBetween(0, 0.9));

const withOutputOptions = (command: Command): Command =>
  command
    .option('--save <path>', 'write images and videos with boxes: to a folder, or to a file for a single input')
    .option('--crop <folder>', 'write each object as a separate image')
    .option('--report <file>', 'write an HTML report, with 24 frames per video; works best with a low --threshold')
    .option('--resume', 'continue an interrupted run into the same folder');

const withVideoOptions = (command: Command): Command =>
  withTrackOptions(
    command
      .option('--every <n>', 'process every n-th video frame; boxes persist in between', integerFrom(1))
      .option('--max-frames <n>', 'stop after this many frames of a video or camera', integerFrom(1)),
  );

const withDeviceOptions = (command: Command): Command =>
  command
    .option('--device <name>', 'device to run on: CPU, GPU, NPU, AUTO (default: AUTO; prompts once in a terminal)')
    .addOption(precisionOption())
    .addOption(cacheDirOption());

const EXAMPLES = `
Examples:
  $ decant detect model.json photo.jpg
  $ decant detect model.xml *.jpg --threshold 0.3 --save found/
  $ decant detect model.xml holiday/ --classes person,dog --save found/ --resume
  $ decant detect model.xml aerial.png --tile 640 --save found/
  $ curl -s https://example.com/photo.jpg | decant detect model.xml -
  $ decant detect model.xml photo.jpg --json | jq '.images[0].detections[].label'
  $ decant detect model.xml clip.mp4 --save clip-with-boxes.mp4
  $ decant detect model.xml clip.mp4 --every 5 --format csv -o found.csv
  $ decant detect model.xml street.mp4 --track --line door=0,300,640,300 --save counted.mp4
  $ decant detect model.xml camera:0 --save found/        until Ctrl-C, or with --max-frames 300
  $ decant detect model.xml *.jpg --threshold 0.1 --report found.html
  $ decant detect model.xml *.jpg --format csv -o found.csv
  $ decant detect model.xml *.jpg --format yolo -o found/
  $ decant detect model.xml *.jpg --format coco --annotations instances.json -o results.json`;

function toTile(text: string): Size {
  const [, width, height = width] = /^(\d+)(?:x(\d+))?$/.exec(text) ?? [];
  if (width === undefined) throw new InvalidArgumentError('Must be a size such as 640 or 640x480.');
  return { width: Number(width), height: Number(height) };
}
