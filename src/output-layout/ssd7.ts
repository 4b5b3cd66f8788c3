import type { DetectionEncoding } from '../detect/heads/detection-encoding.ts';
import type { Port } from '../detect/heads/port.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Add, Multiply } from '../ov/ops/arithmetic.ts';
import { Less } from '../ov/ops/comparison.ts';
import { Broadcast, Concat } from '../ov/ops/movement.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Reshape, ShapeOf, Unsqueeze } from '../ov/ops/shape.ts';
import { Range } from '../ov/ops/generation.ts';
import { Select } from '../ov/ops/condition.ts';
import { Clamp } from '../ov/ops/activation.ts';
import { Convert } from '../ov/ops/type.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { selectColumns, toCorners, toFractions } from './corners.ts';
import type { FrameArea } from './frame-area.ts';

const SSD7_OUTPUT = 'detection_out';

/** DL Streamer ignores boxes with a top edge of 0; this is less than 0.01 pixels of any frame. */
const ALMOST_ZERO = 2 ** -20;

const END_ROW = [-1, 0, 0, 0, 0, 0, 0];

/**
 * Replaces the outputs of a detector by one in the layout of OpenVINO's DetectionOutput: f32 [1,1,N,7], rows of image (0;
 * -1 after the last row), class, score, xmin, ymin, xmax, ymax as fractions of the frame, in the detector's order.
 *
 * @param table the meaning of the outputs
 * @param sizeOf the size of the image that the network sees, for boxes in its pixels: height and width, f32 [2]
 * @param areaOf the area of the frame that the network sees; undefined for the whole frame
 */
export function toSsd7(
  graph: Graph,
  table: DetectionEncoding,
  sizeOf: (b: Builder) => Value,
  areaOf: (b: Builder) => FrameArea | undefined = () => undefined,
): Graph {
  const b = new Builder(SSD7_OUTPUT);
  const { boxes: encoded, scores, classes, count } = columnsOf(b, graph, table);
  const { format, unit } = table;
  const info = typeof unit === 'object' && 'info' in unit ? outputOf(graph, unit.info) : undefined;
  const corners = toFractions(b, toCorners(b, encoded, format), unit, { info, size: () => sizeOf(b) });
  const area = areaOf(b);
  const placed = area === undefined ? corners : toFrame(b, corners, area);
  const boxes = b.add(Clamp, [placed], { min: ALMOST_ZERO, max: 1 });
  const sizes = b.add(ShapeOf, [scores], { output_type: 'i64' });
  const image = b.add(Broadcast, [b.scalar('f32', 0), sizes]);
  const rows = b.add(Concat, [image, classes, scores, boxes], { axis: 1 });
  const ended = count === undefined ? rows : endAt(b, rows, count, sizes);
  return { ...graph, outputs: new Map([[SSD7_OUTPUT, b.add(Reshape, [ended, b.i64(1, 1, -1, 7)])]]) };
}

interface Columns {
  /** As the model returns them: f32 [N, 4]. */
  readonly boxes: Value;
  /** f32 [N, 1], as are the classes. */
  readonly scores: Value;
  readonly classes: Value;
  /** Number of valid rows: i64 []. */
  readonly count: Value | undefined;
}

function columnsOf(b: Builder, graph: Graph, table: DetectionEncoding): Columns {
  const column = (port: Port, width: number): Value =>
    b.add(Reshape, [asFloats(b, outputOf(graph, port)), b.i64(-1, width)]);
  const count = table.count && countOf(b, outputOf(graph, table.count));
  if (table.kind === 'columns') {
    return { boxes: column(table.boxes, 4), scores: column(table.scores, 1), classes: column(table.classes, 1), count };
  }
  const { at, width } = table;
  const rows = column(table.rows, width);
  return {
    boxes: selectColumns(
      b,
      rows,
      [0, 1, 2, 3].map(i => at.box + i),
    ),
    scores: selectColumns(b, rows, [at.score]),
    classes: selectColumns(b, rows, [at.class]),
    count,
  };
}

const outputOf = (graph: Graph, { names }: Port): Value => names.map(name => graph.outputs.get(name)).find(Boolean)!;

const asFloats = (b: Builder, value: Value): Value =>
  value.type === 'f32' ? value : b.add(Convert, [value], { destination_type: 'f32' });

const countOf = (b: Builder, value: Value): Value =>
  b.add(Convert, [b.add(Reshape, [value, b.i64()])], { destination_type: 'i64' });

function toFrame(b: Builder, corners: Value, { start, length }: FrameArea): Value {
  const each = (pair: Value): Value => b.add(Gather, [pair, b.i64(1, 0, 1, 0), b.scalar('i64', 0)]);
  return b.add(Add, [b.add(Multiply, [corners, each(length)]), each(start)]);
}

function endAt(b: Builder, rows: Value, count: Value, sizes: Value): Value {
  const number = b.add(Gather, [sizes, b.scalar('i64', 0), b.scalar('i64', 0)]);
  const places = b.add(Range, [b.scalar('i64', 0), number, b.scalar('i64', 1)], { output_type: 'i64' });
  const counts = b.add(Unsqueeze, [b.add(Less, [places, count]), b.i64(1)]);
  return b.add(Select, [counts, rows, b.constant(tensorOf('f32', [1, 7], END_ROW))]);
}
