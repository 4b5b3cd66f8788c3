import { describe, expect, it } from 'vitest';
import { type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { readDetections } from '../detect-image.ts';
import { findHead } from './find-head.ts';
import { kerasCvAnchors, kerasHubAnchors } from './keras-anchors.ts';
import type { Port, Ports } from './port.ts';

const SIDE = 128;
const IMAGE = { width: SIDE, height: SIDE };

/** Positions of anchors on the grids of levels 3 to 7, of strides 8 to 128. */
const CELLS = 16 ** 2 + 8 ** 2 + 4 ** 2 + 2 ** 2 + 1;

const port = (name: string, shape: Port['shape']): Port => ({ names: [name], type: 'f32', shape });

const portsOf = (outputs: Readonly<Record<string, Tensor>>, side: number | undefined = SIDE): Ports => ({
  inputs: [port('images', [1, side, side, 3])],
  outputs: Object.entries(outputs).map(([name, { shape }]) => port(name, shape)),
});

/** Low logits of two classes, but for a high one of the second class of one anchor, whose offsets are given. */
function network(boxes: string, scores: string, anchor: number, offsets: readonly number[]): Record<string, Tensor> {
  const count = 9 * CELLS;
  const deltas = new Float32Array(4 * count);
  deltas.set(offsets, 4 * anchor);
  const logits = new Float32Array(2 * count).fill(-9);
  logits[2 * anchor + 1] = Math.log(3);
  return { [boxes]: tensorOf('f32', [1, count, 4], deltas), [scores]: tensorOf('f32', [1, count, 2], logits) };
}

const numbersOf = (box: object): readonly number[] => Object.values(box).map(edge => Number(Number(edge).toFixed(2)));

// The expected numbers are those of the default generators of keras-hub 0.32 and keras-cv 0.9.
describe('anchors', () => {
  it('of KerasHub start at the corners of cells, and are whole pixels', () => {
    const anchors = kerasHubAnchors(IMAGE);
    expect(anchors).toHaveLength(9 * CELLS);
    expect(anchors.slice(0, 3)).toEqual([
      [-11, -23, 11, 23],
      [-14, -28, 14, 28],
      [-18, -35, 18, 35],
    ]);
    expect(anchors[9 * 16 + 3]).toEqual([8 - 16, -16, 8 + 16, 16]);
  });

  it('of KerasCV have their centers in cells, and end at the edges', () => {
    const anchors = kerasCvAnchors(IMAGE);
    expect(anchors).toHaveLength(9 * CELLS);
    expect(anchors[1]).toEqual([0, 0, 20, 20]);
    expect(anchors[9 * (16 * 8 + 8) + 1]).toEqual([68 - 16, 68 - 16, 68 + 16, 68 + 16]);
  });
});

describe('the networks of RetinaNets', () => {
  const anchor = 9 * (16 * 8 + 8);

  it('are decoded as by KerasHub', () => {
    // The second scale and ratio: 32 x 32 around 64, 64.
    const outputs = network('bbox_regression', 'cls_logits', anchor + 3, [0.25, 0.5, Math.log(2), Math.log(0.5)]);
    const head = findHead(portsOf(outputs));
    expect(head).toMatchObject({ name: 'keras-hub-retinanet', evidence: 'names' });
    const [found, ...others] = readDetections(head, outputs, IMAGE, {});
    expect(others).toEqual([]);
    expect(found).toMatchObject({ classId: 1 });
    expect(found!.score).toBeCloseTo(0.75, 6);
    expect(numbersOf(found!.box)).toEqual([72 - 32, 80 - 8, 72 + 32, 80 + 8]);
  });

  it('are decoded as by KerasCV', () => {
    const outputs = network('box', 'classification', anchor + 1, [2.5, 5, 5 * Math.log(0.5), 5 * Math.log(2)]);
    const head = findHead(portsOf(outputs));
    expect(head.name).toBe('keras-cv-retinanet');
    const [found] = readDetections(head, outputs, IMAGE, {});
    expect(numbersOf(found!.box)).toEqual([84 - 32, 76 - 8, 84 + 32, 76 + 8]);
  });

  it('get images of 800 pixels if they take any size', async () => {
    const outputs = [port('bbox_regression', [1, undefined, 4]), port('cls_logits', [1, undefined, 91])];
    const head = findHead({ inputs: [port('images', [1, undefined, undefined, 3])], outputs });
    expect(head.labels.get(18)).toBe('dog');
    const { images } = await head.prepare({ ...IMAGE, data: new Uint8Array(3 * SIDE * SIDE), name: 'black' });
    expect(images!.shape).toEqual([1, 800, 800, 3]);
  });

  it('are refused with other anchors', () => {
    const outputs = {
      bbox_regression: tensorOf('f32', [1, 6, 4], new Float32Array(24)),
      cls_logits: tensorOf('f32', [1, 6, 2], new Float32Array(12)),
    };
    expect(() => findHead(portsOf(outputs), 'keras-hub-retinanet')).toThrow(
      `the output bbox_regression f32[1,6,4] does not hold offsets of the ${9 * CELLS} default anchors`,
    );
  });
});

describe("the network of KerasCV's YOLOv8", () => {
  it('returns distributions of distances from the centers of cells', () => {
    const cells = 16 ** 2 + 8 ** 2 + 4 ** 2;
    // In the first cell of stride 16, at 8, 8: certainly 0, 0, 2 and 3 strides, but for 1 or 2 of the last edge.
    const cell = 16 ** 2;
    const boxes = new Float32Array(64 * cells);
    [0, 0, 2].forEach((distance, edge) => (boxes[64 * cell + 16 * edge + distance] = 50));
    boxes[64 * cell + 48 + 1] = boxes[64 * cell + 48 + 2] = 50;
    const classes = new Float32Array(3 * cells);
    classes[3 * cell + 2] = 0.9;
    const outputs = { boxes: tensorOf('f32', [1, cells, 64], boxes), classes: tensorOf('f32', [1, cells, 3], classes) };
    const head = findHead(portsOf(outputs));
    expect(head.name).toBe('keras-cv-yolov8');
    const [found, ...others] = readDetections(head, outputs, IMAGE, {});
    expect(others).toEqual([]);
    expect(found).toMatchObject({ classId: 2 });
    expect(numbersOf(found!.box)).toEqual([8, 8, 40, 32]);
  });
});
