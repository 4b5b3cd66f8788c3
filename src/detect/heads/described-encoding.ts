import type { DetectionEncoding } from './detection-encoding.ts';
import type { HeadDescription } from './head-description.ts';
import { type Port, portNamed } from './port.ts';

/** Returns undefined if the outputs are not detections yet, or if the input or the boxes are not those of the model's image. */
export function describedEncoding(
  ports: readonly Port[],
  { input = {}, outputs, boxes, scores: { activation = 'none' } = {}, nms }: HeadDescription,
): DetectionEncoding | undefined {
  const { format, scale, anchors } = boxes;
  const isNormalized = (input.mean ?? input.scale) !== undefined || input.color === 'bgr';
  if (nms !== undefined || anchors !== undefined || activation !== 'none' || isNormalized) return undefined;
  if (scale === 'original' || outputs.transposed === true) return undefined;
  const single = (name: string | readonly string[] | undefined): Port | undefined =>
    typeof name === 'string' ? portNamed(ports, name) : undefined;
  const common = { format, unit: scale, count: single(outputs.count) };
  const rows = single(outputs.rows);
  if (rows !== undefined) return inRows(rows, outputs.columns ?? [], common);
  const [edges, best, classes] = [outputs.boxes, outputs.scores, outputs.classes].map(single);
  return edges === undefined || best?.shape.length !== 2 || classes === undefined
    ? undefined
    : { kind: 'columns', boxes: edges, scores: best, classes, ...common };
}

function inRows(
  rows: Port,
  columns: NonNullable<HeadDescription['outputs']['columns']>,
  common: Pick<DetectionEncoding, 'format' | 'unit' | 'count'>,
): DetectionEncoding | undefined {
  if (!columns.includes('score') || !columns.includes('class') || columns.includes('objectness')) return undefined;
  const startOf = (name: (typeof columns)[number]): number =>
    columns.slice(0, columns.indexOf(name)).reduce((sum, column) => sum + (column === 'box' ? 4 : 1), 0);
  const at = { box: startOf('box'), score: startOf('score'), class: startOf('class') };
  return { kind: 'rows', rows, width: columns.length + 3, at, ...common };
}
