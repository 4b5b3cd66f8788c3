import { Command, InvalidArgumentError } from 'commander';
import { classIdsOf, type Labels } from '../../labels/labels.ts';
import type { Size } from '../../image/image.ts';
import { checkTiles, type Tiles } from '../../detect/tiles.ts';
import type { DetectorOptions } from '../../api/detector.ts';
import { DecantError } from '../../errors.ts';
import { type ModelOptions, precisionOption, withModelOptions } from '../model-options.ts';
import { integerFrom, numberBetween } from '../parse-number.ts';
import { type ResultOptions, withResultOptions } from '../result-options.ts';

export interface Options extends ModelOptions, ResultOptions {
  readonly output?: string;
  readonly device?: string;
  readonly precision: NonNullable<DetectorOptions['precision']>;
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

export const commandWithOptions = (): Command =>
  withResultOptions(
    withModelOptions(
      new Command('detect')
        .description(
          'Find objects in pictures and videos. A TensorFlow model is converted first, and kept for the next time.',
        )
        .argument('<model>', 'a TensorFlow model or an OpenVINO IR (.xml), or the name or URL of one')
        .argument('<input...>', 'pictures, videos, folders, patterns, URLs, camera:0, or - for the standard input'),
    ),
  )
    .option('--device <name>', 'where to run: CPU, GPU, NPU, AUTO (default: AUTO; a terminal asks once)')
    .addOption(precisionOption())
    .option('--threshold <score>', 'the lowest score to report, 0..1', numberBetween(0, 1), 0.5)
    .option('--classes <names>', 'report only these classes: names or ids, with commas between them')
    .option('--top, --max-detections <n>', 'report at most this many objects a picture or frame', integerFrom(0))
    .option('--labels <file>', 'names of the classes: one a line, a label map, or JSON')
    .option('--page <pages>', 'of files with several pictures look at these: 3, 2-5 or 1,4-')
    .option('--tile <size>', 'look at large pictures in tiles, too, for small objects: 640 or 640x480 pixels', toTile)
    .option(
      '--overlap <share>',
      'how much of a tile its neighbour sees too, 0 to 0.9 (default: 0.2)',
      numberBetween(0, 0.9),
    )
    .option('--save <path>', 'write pictures and videos with boxes: a folder, or a file for one of them')
    .option('--crop <folder>', 'write each object as a picture of its own')
    .option('--report <file>', 'write a page (.html) to look at, with 24 frames a video; best with a low --threshold')
    .option('--every <n>', 'of videos look at each n-th frame; its boxes stay until the next one', integerFrom(1))
    .option('--max-frames <n>', 'of videos and cameras take at most this many frames', integerFrom(1))
    .option('--resume', 'go on where an interrupted run into the same folder ended')
    .addHelpText(
      'after',
      `
Examples:
  $ decant detect model.json photo.jpg
  $ decant detect model.xml *.jpg --threshold 0.3 --save found/
  $ decant detect model.xml holiday/ --classes person,dog --save found/ --resume
  $ decant detect model.xml aerial.png --tile 640 --save found/
  $ curl -s https://example.com/photo.jpg | decant detect model.xml -
  $ decant detect model.xml photo.jpg --json | jq '.images[0].detections[].label'
  $ decant detect model.xml clip.mp4 --save clip-with-boxes.mp4
  $ decant detect model.xml clip.mp4 --every 5 --format csv -o found.csv
  $ decant detect model.xml camera:0 --save found/        until Ctrl-C, or with --max-frames 300
  $ decant detect model.xml *.jpg --threshold 0.1 --report found.html
  $ decant detect model.xml *.jpg --format csv -o found.csv
  $ decant detect model.xml *.jpg --format yolo -o found/
  $ decant detect model.xml *.jpg --format coco --annotations instances.json -o results.json`,
    );

/** The ids of the classes that are written as `person,dog,7`. @throws DecantError `not-found` for a name of none */
export const classIdsFrom = (text: string | undefined, labels: Labels): ReadonlySet<number> | undefined =>
  text === undefined
    ? undefined
    : classIdsOf(
        labels,
        text
          .split(',')
          .map(name => name.trim())
          .filter(name => name !== '')
          .map(name => (/^\d+$/.test(name) ? Number(name) : name)),
      );

/** @throws DecantError `invalid-argument` for an overlap of no tiles, and for tiles that are too small */
export function tilesFrom({ tile, overlap }: Options): Tiles | undefined {
  if (tile !== undefined) {
    const tiles = { ...tile, overlap };
    checkTiles(tiles);
    return tiles;
  }
  if (overlap === undefined) return undefined;
  throw new DecantError('invalid-argument', '--overlap says how tiles overlap, and there are none', {
    remedy: 'Give --tile, too.',
  });
}

function toTile(text: string): Size {
  const [, width, height = width] = /^(\d+)(?:x(\d+))?$/.exec(text) ?? [];
  if (width === undefined) throw new InvalidArgumentError('A tile is written as 640 or 640x480.');
  return { width: Number(width), height: Number(height) };
}
