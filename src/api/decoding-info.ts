import type { BoxDecoding } from '../detect/heads/port.ts';

/** Digits that a 32-bit float needs. */
const DIGITS = 9;

/** The facts that a conversion states about candidates: all boxes one after the other, then what applies to all. */
export const decodingInfo = (decoding: BoxDecoding | undefined): Readonly<Record<string, string>> =>
  decoding === undefined
    ? {}
    : {
        anchors: decoding.anchors.flatMap(box => box.map(edge => String(Number(edge.toPrecision(DIGITS))))).join(' '),
        anchor_variances: decoding.variances.join(' '),
        scores: decoding.hasLogits ? 'logits' : 'probabilities',
      };

/** Reads what `decodingInfo` wrote. */
export function readDecoding(anchors: string, variances: string, scores: string): BoxDecoding | undefined {
  const [edges, factors] = [anchors, variances].map(text => text.split(' ').map(Number)) as [number[], number[]];
  const isValid = edges.length % 4 === 0 && factors.length === 4 && [...edges, ...factors].every(Number.isFinite);
  if (anchors === '' || !isValid) return undefined;
  return {
    anchors: Array.from({ length: edges.length / 4 }, (_, i) => edges.slice(4 * i, 4 * i + 4)),
    variances: factors,
    hasLogits: scores === 'logits',
  };
}
