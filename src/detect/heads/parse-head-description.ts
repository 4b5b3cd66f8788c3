import { DecantError } from '../../errors.ts';
import { checkSchema } from './check-schema.ts';
import type { HeadDescription, InputDescription, OutputsDescription } from './head-description.ts';
import { HEAD_SCHEMA } from './head-schema.ts';

/**
 * Checks a description of a head.
 *
 * @throws DecantError `invalid-argument` for unknown keys, wrong values, and parts that do not go together
 */
export function parseHeadDescription(value: unknown): HeadDescription {
  checkSchema(value, HEAD_SCHEMA, '');
  const description = value as HeadDescription;
  checkOutputs(description.outputs);
  checkInput(description.input);
  const { format, anchors } = description.boxes;
  if (anchors === undefined) return description;
  if (format !== 'cxcywh' && format !== 'cycxhw') {
    throw mistake(
      `boxes with anchors have the format cxcywh or cycxhw, not ${format}`,
      'Offsets are of centers and sizes.',
    );
  }
  if ('minLevel' in anchors && anchors.minLevel > anchors.maxLevel) {
    throw mistake(
      `anchors have no levels from ${anchors.minLevel} to ${anchors.maxLevel}`,
      'Swap minLevel and maxLevel.',
    );
  }
  return description;
}

function checkInput({ resize, padsFirst = false, padValue }: InputDescription = {}): void {
  if (!padsFirst) return;
  if (resize !== 'letterbox')
    throw mistake('padsFirst is for a letterbox', 'Leave it out, or set "resize": "letterbox".');
  if (padValue === 'mean') throw mistake('padding that is resized has a value of its own', 'Set padValue to a number.');
}

function checkOutputs({ rows, columns, boxes, scores, classes }: OutputsDescription): void {
  if (rows === undefined) {
    if (boxes === undefined || scores === undefined || columns !== undefined) {
      throw mistake(
        'outputs need rows with columns, or boxes and scores',
        'Name the outputs of the model: decant info.',
      );
    }
    return;
  }
  if (columns === undefined || boxes !== undefined || scores !== undefined || classes !== undefined) {
    throw mistake('outputs have either rows with columns, or boxes, scores and classes', 'Leave one of them out.');
  }
  const count = (...wanted: readonly string[]): number => columns.filter(column => wanted.includes(column)).length;
  if (count('box') !== 1 || count('score', 'scores') !== 1 || count('class') > 1 || count('objectness') > 1) {
    throw mistake(
      `the columns ${columns.join(', ')} do not make a detection`,
      'There must be one box, and score or scores; at most one class and objectness; and any number of skip.',
    );
  }
  if (count('class') === 1 && count('scores') === 1) {
    throw mistake('rows have a class, or scores of all classes', 'Leave one of the columns out, or skip it.');
  }
}

const mistake = (problem: string, remedy: string): DecantError =>
  new DecantError('invalid-argument', `in the head's description, ${problem}`, { remedy });
