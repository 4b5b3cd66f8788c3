import type { Command } from 'commander';

/** Options of yolo, ovc, mo and benchmark_app; the option or argument of decant that does the same; and how to write it. */
const OTHER_OPTIONS: readonly (readonly [words: string, own: string, instead: string])[] = [
  ['conf conf-thres confidence min-score score', '--threshold', '--threshold SCORE'],
  ['iou iou-thres', '--iou-threshold', '--iou-threshold IOU'],
  ['imgsz img-size image-size', '--input-shape', '--input-shape [1,HEIGHT,WIDTH,3]'],
  ['imgsz input-shape', '--shape', '-shape [1,HEIGHT,WIDTH,3]'],
  ['max-det', '--max-detections', '--max-detections N'],
  ['vid-stride', '--every', '--every N'],
  ['save-txt', '--format', '--format yolo -o FOLDER'],
  ['save-json', '--format', '--format coco -o FILE'],
  ['save-crop', '--crop', '--crop FOLDER'],
  ['out output-dir project save-dir', '--save', '--save FOLDER'],
  ['out output-dir model-name', '--output_model', '-o FOLDER/NAME.xml'],
  ['data-type half', '--no-fp16', '--no-fp16 for f32; f16 is the default'],
  ['half', '--precision', '--precision f16'],
  ['mean-values scale-values reverse-input-channels', '--preprocess', '--preprocess bgr,mean=127.5,scale=127.5'],
  ['freeze-placeholder-with-value', '--freeze', '--freeze NAME=VALUE'],
  ['data', '--annotations', '--annotations FILE'],
  ['pc', '--per-op', '--per-op'],
  ['silent', '--quiet', '--quiet'],
  ['v', '--verbose', '--verbose, or `decant --version`'],
  [
    'model m weights input-model saved-model-dir input-meta-graph',
    'model',
    'no option: the model is the first argument',
  ],
  ['source image images', 'input', 'no option: images follow the model'],
  [
    'tensorflow-object-detection-api-pipeline-config transformations-config',
    'model',
    'no option: decant finds the post-processing in the graph',
  ],
];

/** Returns what to write instead of another program's option, if the command can do it. */
export function otherOption(flag: string, command: Command): string | undefined {
  const wanted = flag.replace(/^-+/, '').replaceAll('_', '-');
  return OTHER_OPTIONS.find(([words, own]) => words.split(' ').includes(wanted) && has(command, own))?.[2];
}

const has = (command: Command, own: string): boolean =>
  command.options.some(option => option.long === own) || command.registeredArguments.some(each => each.name() === own);
