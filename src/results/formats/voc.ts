import type { Detection } from '../../detect/detection.ts';
import type { Size } from '../../image/image.ts';
import { nearestPixels } from '../../image/geometry.ts';
import { fileNameOf, imageNames } from '../image-names.ts';
import type { ResultFormat, ResultRecord } from '../result-writer.ts';
import { filePart } from '../result-part.ts';

/**
 * Pascal VOC: one XML file per image. Edges are the first and last pixel of the object, counted from 1: a box over the whole
 * image is 1, 1, width, height. `confidence` is the score.
 */
export const voc: ResultFormat = {
  name: 'voc',
  summary: 'a folder: one Pascal VOC XML file per image',
  output: 'folder',
  writer: () => {
    const nameOf = imageNames();
    return {
      begin: () => [],
      write: record => [filePart(`${nameOf(record)}.xml`, annotation(record))],
      end: () => [],
    };
  },
};

const annotation = (record: ResultRecord): string =>
  [
    '<annotation>',
    `  <filename>${escape(fileNameOf(record.file))}</filename>`,
    '  <source>',
    '    <database>Unknown</database>',
    '  </source>',
    '  <size>',
    `    <width>${record.width}</width>`,
    `    <height>${record.height}</height>`,
    '    <depth>3</depth>',
    '  </size>',
    '  <segmented>0</segmented>',
    ...record.detections.flatMap(detection => object(detection, record)),
    '</annotation>',
    '',
  ].join('\n');

function object({ label, score, box }: Detection, size: Size): readonly string[] {
  const { x, y, width, height } = nearestPixels(box, size);
  return [
    '  <object>',
    `    <name>${escape(label)}</name>`,
    '    <pose>Unspecified</pose>',
    '    <truncated>0</truncated>',
    '    <difficult>0</difficult>',
    `    <confidence>${score.toFixed(6)}</confidence>`,
    '    <bndbox>',
    `      <xmin>${x + 1}</xmin>`,
    `      <ymin>${y + 1}</ymin>`,
    `      <xmax>${x + width}</xmax>`,
    `      <ymax>${y + height}</ymax>`,
    '    </bndbox>',
    '  </object>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Replaces control characters: XML cannot represent most of them. */
const escape = (text: string): string =>
  text.replaceAll(/[&<>]/g, character => ENTITIES[character]!).replaceAll(/\p{Cc}/gu, ' ');
