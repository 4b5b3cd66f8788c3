import { child, children, decodeFlatbuffer, flag, scalar, table } from '../../wire/flatbuffer.ts';
import type { BoxDecoding } from '../model.ts';

const float = (id: number): ReturnType<typeof scalar> => scalar(id, 'float');

const anchor = table('FixedAnchor', { x: float(0), y: float(1), width: float(2), height: float(3) });

/** Field ids are those of the schema of MediaPipe's object detectors. */
const options = table('ObjectDetectorOptions', {
  anchors: child(1, table('SsdAnchorsOptions', { fixed: child(0, table('Anchors', { all: children(0, anchor) })) })),
  decoding: child(
    2,
    table('TensorsDecodingOptions', {
      coordinates: scalar(2, 'int32'),
      x: float(6),
      y: float(7),
      width: float(8),
      height: float(9),
      hasLogarithms: flag(10),
      hasLogits: flag(11),
    }),
  ),
});

/** Reads how the outputs of a detector without NMS become boxes; undefined if they have keypoints, or another scale of sizes. */
export function readDetectorMetadata(content: Uint8Array): BoxDecoding | undefined {
  const { anchors, decoding } = decodeFlatbuffer(options, content);
  const boxes = anchors?.fixed?.all ?? [];
  if (decoding?.coordinates !== 4 || !decoding.hasLogarithms || boxes.length === 0) return undefined;
  const divisors = [decoding.y, decoding.x, decoding.height, decoding.width];
  if (!divisors.every(each => each > 0)) return undefined;
  return {
    anchors: boxes.map(({ x, y, width, height }) => [y - height / 2, x - width / 2, y + height / 2, x + width / 2]),
    variances: divisors.map(each => 1 / each),
    hasLogits: decoding.hasLogits,
  };
}
