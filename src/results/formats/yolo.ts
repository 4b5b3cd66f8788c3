import { labelOf } from '../../labels/labels.ts';
import { imageNames } from '../image-names.ts';
import type { ResultFormat } from '../result-writer.ts';
import { filePart } from '../result-part.ts';

/**
 * YOLO's training format: `labels/NAME.txt` with a line `class cx cy width height confidence` per object, lengths as fractions
 * of the image; `classes.txt` and `data.yaml` name the classes.
 *
 * The format requires class numbers from 0 without gaps; they follow the order of the model's ids.
 */
export const yolo: ResultFormat = {
  name: 'yolo',
  summary: 'a folder: one text file per image, classes.txt and data.yaml',
  output: 'folder',
  writer: ({ labels }) => {
    const nameOf = imageNames();
    const ids = [...labels.keys()].sort((a, b) => a - b);
    const numbers = new Map(ids.map((id, number) => [id, number]));
    const numberOf = (id: number): number => {
      const number = numbers.get(id) ?? numbers.size;
      numbers.set(id, number);
      return number;
    };
    return {
      begin: () => [],
      write(record) {
        const { width, height, detections } = record;
        const lines = detections.map(({ classId, score, box: { xmin, ymin, xmax, ymax } }) => {
          const center = [(xmin + xmax) / 2 / width, (ymin + ymax) / 2 / height];
          const numbers = [...center, (xmax - xmin) / width, (ymax - ymin) / height, score];
          return `${numberOf(classId)} ${numbers.map(number => number.toFixed(6)).join(' ')}\n`;
        });
        return [filePart(`labels/${nameOf(record)}.txt`, lines.join(''))];
      },
      end() {
        const names = [...numbers.keys()].map(id => oneLine(labelOf(labels, id)));
        return [
          filePart('classes.txt', names.map(name => `${name}\n`).join('')),
          filePart('data.yaml', dataYaml(names)),
        ];
      },
    };
  },
};

/** The line is the class number. */
const oneLine = (name: string): string => name.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** JSON strings are valid YAML. */
const dataYaml = (names: readonly string[]): string =>
  [
    '# The images belong in the folder images, next to labels.',
    'path: .',
    'train: images',
    'val: images',
    names.length === 0 ? 'names: {}' : 'names:',
    ...names.map((name, number) => `  ${number}: ${JSON.stringify(name)}`),
    '',
  ].join('\n');
