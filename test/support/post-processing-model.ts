import { tensor, tensorOf, vector } from '../../src/tensor/tensor.ts';
import type { DataType } from '../../src/tf/data-type.ts';
import type { TfModel, TfNode } from '../../src/tf/model.ts';
import { constant, int, modelOf, node, placeholder, signatureOf, type } from './tf-records.ts';

/** Sizes and limits of a detector's post-processing. */
export interface Shape {
  readonly images: number;
  /** Whether the model takes any number of images. */
  readonly isOpen?: boolean;
  readonly boxes: number;
  readonly classes: number;
  /** Whether each class has its own boxes. */
  readonly ownBoxes: boolean;
}

export interface Limits {
  readonly perClass: number;
  readonly total: number;
  readonly iou: number;
  readonly score: number;
  /** 0 for plain NMS. */
  readonly sigma: number;
}

const FLOAT = type('DT_FLOAT');
const INT = type('DT_INT32');

/** Collects nodes; each method returns the name of a tensor. */
class Nodes {
  readonly all: TfNode[] = [];

  add(
    op: string,
    inputs: readonly string[],
    attrs: Parameters<typeof node>[3] = {},
    name = `n${this.all.length}`,
  ): string {
    this.all.push(node(name, op, inputs, attrs));
    return name;
  }

  ints(...values: readonly number[]): string {
    return this.#constant('DT_INT32', vector('i32', values));
  }

  int(value: number): string {
    return this.#constant('DT_INT32', tensorOf('i32', [], [value]));
  }

  float(value: number): string {
    return this.#constant('DT_FLOAT', tensorOf('f32', [], [value]));
  }

  floats(count: number, value: number): string {
    return this.#constant('DT_FLOAT', tensor('f32', [count], new Float32Array(count).fill(value)));
  }

  #constant(dtype: DataType, value: ReturnType<typeof vector>): string {
    const name = `n${this.all.length}`;
    this.all.push(constant(name, dtype, value));
    return name;
  }

  gather(x: string, indices: string): string {
    return this.add('GatherV2', [x, indices, this.int(0)], { Tparams: FLOAT, Tindices: INT, Taxis: INT });
  }

  reshape(x: string, ...sizes: readonly number[]): string {
    return this.add('Reshape', [x, this.ints(...sizes)], { T: FLOAT, Tshape: INT });
  }

  concat(values: readonly string[], of = FLOAT): string {
    return this.add('ConcatV2', [...values, this.int(0)], { N: int(values.length), T: of, Tidx: INT });
  }
}

const OUTPUTS = ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections'];

const modelWith = ({ all }: Nodes, outputs: readonly string[]): TfModel => {
  const names = OUTPUTS.slice(0, outputs.length);
  return modelOf(all, {
    signatures: {
      serving_default: signatureOf(
        { boxes: 'boxes:0', scores: 'scores:0' },
        Object.fromEntries(names.map((name, i) => [name, `${outputs[i]!}:0`])),
      ),
    },
  });
};

function inputsOf({ images, isOpen = false, boxes, classes, ownBoxes }: Shape): Nodes {
  const nodes = new Nodes();
  const batch = isOpen ? -1 : images;
  nodes.all.push(
    placeholder('boxes', 'DT_FLOAT', [batch, boxes, ownBoxes ? classes : 1, 4]),
    placeholder('scores', 'DT_FLOAT', [batch, boxes, classes]),
  );
  return nodes;
}

/** CombinedNonMaxSuppression of any number of images. */
export function combinedModel(shape: Shape, { perClass, total, iou, score }: Limits): TfModel {
  const nodes = inputsOf(shape);
  const limits = [nodes.int(perClass), nodes.int(total), nodes.float(iou), nodes.float(score)];
  nodes.add('CombinedNonMaxSuppression', ['boxes', 'scores', ...limits], {}, 'combined');
  return modelWith(
    nodes,
    ['', ':1', ':2', ':3'].map((output, i) => nodes.add('Identity', [`combined${output}`], { T: i < 3 ? FLOAT : INT })),
  );
}

/**
 * What the Object Detection API does for one image: an NMS per class, or one for the best class of each box; sorted, without
 * boxes of no area, and padded with zeros.
 */
export function multiClassModel(shape: Shape, limits: Limits, agnostic = false): TfModel {
  const nodes = inputsOf(shape);
  const { boxes: count, classes, ownBoxes } = shape;
  const all = nodes.reshape('boxes', count, ownBoxes ? classes : 1, 4);
  const scores = nodes.reshape('scores', count, classes);
  const boxesOf = (i: number): string =>
    nodes.add(
      'StridedSlice',
      [all, nodes.ints(0, ownBoxes ? i : 0, 0), nodes.ints(0, (ownBoxes ? i : 0) + 1, 0), nodes.ints(1, 1, 1)],
      { T: FLOAT, Index: INT, begin_mask: int(5), end_mask: int(5), shrink_axis_mask: int(2) },
    );
  const best = agnostic
    ? nodes.add('Max', [scores, nodes.int(1)], { T: FLOAT, Tidx: INT, keep_dims: { kind: 'bool', value: false } })
    : '';
  const bestClass = agnostic
    ? nodes.add('ArgMax', [scores, nodes.int(1)], { T: FLOAT, Tidx: INT, output_type: INT })
    : '';
  const parts = Array.from({ length: agnostic ? 1 : classes }, (_, i) => {
    const boxes = boxesOf(i);
    const own = agnostic
      ? best
      : nodes.reshape(
          nodes.add('Slice', [scores, nodes.ints(0, i), nodes.ints(count, 1)], { T: FLOAT, Index: INT }),
          -1,
        );
    const selected = selectBoxes(nodes, boxes, own, limits);
    const ids = agnostic
      ? nodes.add('Cast', [nodes.gather(bestClass, selected.indices)], { SrcT: INT, DstT: FLOAT })
      : nodes.floats(limits.perClass, i);
    return { boxes: nodes.gather(boxes, selected.indices), scores: selected.scores, classes: ids };
  });
  return modelWith(nodes, finished(nodes, parts, limits));
}

interface Rows {
  readonly boxes: string;
  readonly scores: string;
  readonly classes: string;
}

/** As many rows as the NMS may select, of which those that it does not select have a score of -1. */
function selectBoxes(
  nodes: Nodes,
  boxes: string,
  scores: string,
  { perClass, iou, score, sigma }: Limits,
): { readonly indices: string; readonly scores: string } {
  const most = nodes.int(perClass);
  const nms = nodes.add('NonMaxSuppressionV5', [boxes, scores, most, ...[iou, score, sigma].map(x => nodes.float(x))], {
    T: FLOAT,
    pad_to_max_output_size: { kind: 'bool', value: false },
  });
  const shape = nodes.add('Shape', [nms], { T: INT, out_type: INT });
  const count = nodes.add('StridedSlice', [shape, nodes.ints(0), nodes.ints(1), nodes.ints(1)], {
    T: INT,
    Index: INT,
    shrink_axis_mask: int(1),
  });
  const missing = nodes.add('Reshape', [nodes.add('Sub', [most, count], { T: INT }), nodes.ints(1)], { T: INT });
  const fill = (value: string, of: typeof INT): string =>
    nodes.add('Fill', [missing, value], { T: of, index_type: INT });
  const indices = nodes.concat([nms, fill(nodes.int(0), INT)], INT);
  const padded = nodes.concat([`${nms}:1`, fill(nodes.float(0), FLOAT)]);
  const range = nodes.add('Range', [nodes.int(0), most, nodes.int(1)], { Tidx: INT });
  const isValid = nodes.add('Less', [range, count], { T: INT });
  return { indices, scores: nodes.add('SelectV2', [isValid, padded, nodes.floats(perClass, -1)], { T: FLOAT }) };
}

function finished(nodes: Nodes, parts: readonly Rows[], { perClass, total }: Limits): readonly string[] {
  const joined = (name: keyof Rows): string =>
    parts.length === 1 ? parts[0]![name] : nodes.concat(parts.map(part => part[name]));
  const rows = perClass * parts.length;
  const sorted = (given: Rows): Rows => {
    const order = nodes.add('TopKV2', [given.scores, nodes.int(rows)], {
      T: FLOAT,
      sorted: { kind: 'bool', value: true },
    });
    const take = (x: string): string => nodes.gather(x, `${order}:1`);
    return { boxes: take(given.boxes), scores: take(given.scores), classes: take(given.classes) };
  };
  const found = sorted({ boxes: joined('boxes'), scores: joined('scores'), classes: joined('classes') });
  const side = (i: number): string =>
    nodes.add('StridedSlice', [found.boxes, nodes.ints(0, i), nodes.ints(0, i + 1), nodes.ints(1, 1)], {
      T: FLOAT,
      Index: INT,
      begin_mask: int(1),
      end_mask: int(1),
      shrink_axis_mask: int(2),
    });
  const length = (from: number, to: number): string => nodes.add('Sub', [side(to), side(from)], { T: FLOAT });
  const area = nodes.add('Mul', [length(0, 2), length(1, 3)], { T: FLOAT });
  const hasArea = nodes.add('NotEqual', [area, nodes.float(0)], { T: FLOAT });
  const scores = nodes.add('SelectV2', [hasArea, found.scores, nodes.float(-1)], { T: FLOAT });
  const isValid = nodes.add('GreaterEqual', [scores, nodes.float(0)], { T: FLOAT });
  const counts = nodes.add('Cast', [isValid], { SrcT: type('DT_BOOL'), DstT: INT });
  const valid = nodes.add('Sum', [counts, nodes.ints(0)], { T: INT, Tidx: INT });
  const most = nodes.int(Math.min(total, rows));
  const count = nodes.add('Minimum', [valid, most], { T: INT });
  const best = sorted({ ...found, scores });
  const first = nodes.add('Range', [nodes.int(0), count, nodes.int(1)], { Tidx: INT });
  const missing = nodes.add('Reshape', [nodes.add('Sub', [nodes.int(total), count], { T: INT }), nodes.ints(1)], {
    T: INT,
  });
  const padded = (x: string, ...rest: readonly number[]): string => {
    const shape = rest.length === 0 ? missing : nodes.concat([missing, nodes.ints(...rest)], INT);
    const fill = nodes.add('Fill', [shape, nodes.float(0)], { T: FLOAT, index_type: INT });
    return nodes.reshape(nodes.concat([nodes.gather(x, first), fill]), 1, total, ...rest);
  };
  return [
    padded(best.boxes, 4),
    padded(best.scores),
    padded(best.classes),
    nodes.add('Reshape', [count, nodes.ints(1)], { T: INT }),
  ];
}
