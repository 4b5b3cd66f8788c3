import type { ImageFormat } from '../../image/encode-image.ts';
import { Refusal } from '../refusal.ts';

/** What a client wants: the detections, or the annotated image. */
export type AnswerType = 'json' | ImageFormat;

const TYPES: readonly (readonly [type: string, answer: AnswerType])[] = [
  ['application/json', 'json'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/webp', 'webp'],
];

/** Returns the answer that an Accept header prefers; among equals, JSON. @throws DecantError with status 406 */
export function answerType(accept = '*/*'): AnswerType {
  const ranges = accept.split(',').map(rangeIn);
  const weighed = TYPES.map(([type, answer]) => ({ answer, weight: weightOf(type, ranges) }));
  const best = weighed.reduce((most, each) => (each.weight > most.weight ? each : most));
  if (best.weight > 0) return best.answer;
  throw new Refusal(406, 'invalid-argument', `there is no answer of type '${accept}'`, {
    remedy: `Accept ${TYPES.map(([type]) => type).join(', ')}.`,
  });
}

interface Range {
  readonly type: string;
  readonly weight: number;
}

function rangeIn(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase());
  const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** The most specific range counts. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const pattern of [type, `${type.split('/')[0]!}/*`, '*/*']) {
    const range = ranges.find(each => each.type === pattern);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
