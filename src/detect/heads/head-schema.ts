import { ACTIVATIONS, BOX_FORMATS, BOX_SCALES, COLUMNS, INPUT_RESIZES } from './head-description.ts';

/** The part of JSON Schema that descriptions of heads need. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const object = (
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  description,
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const text = (description: string): Schema => ({ description, type: 'string' });
const flag = (description: string): Schema => ({ description, type: 'boolean' });
const oneOf = (description: string, values: readonly string[]): Schema => ({ description, enum: values });
const list = (description: string, items: Schema, minItems: number, maxItems?: number): Schema => ({
  description,
  type: 'array',
  items,
  minItems,
  ...(maxItems !== undefined && { maxItems }),
});
const number = (description: string, minimum?: number, maximum?: number): Schema => ({
  description,
  type: 'number',
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});
const integer = (description: string, minimum: number, maximum?: number): Schema => ({
  ...number(description, minimum, maximum),
  type: 'integer',
});
const NUMBER: Schema = { type: 'number' };
const names = (description: string): Schema => ({
  description,
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
});

const GRID = object(
  'Anchors of a feature pyramid: at each position, all aspect ratios of all sizes.',
  {
    minLevel: integer('Lowest level; level l has a stride of 2^l pixels.', 0, 16),
    maxLevel: integer('Highest level.', 0, 16),
    sizes: list('Sizes as multiples of the stride.', NUMBER, 1),
    aspectRatios: list('Width divided by height.', NUMBER, 1),
    clip: flag('Whether anchors that reach out of the image are cut off at its edges.'),
  },
  ['minLevel', 'maxLevel', 'sizes', 'aspectRatios'],
);

export const HEAD_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Head of a detector',
  ...object(
    'What decant needs to know about a detector to feed images and to read boxes.',
    {
      input: object('How an image becomes the input of the model.', {
        resize: oneOf('Stretched (the default), or padded on all sides, or on the right and bottom.', INPUT_RESIZES),
        padValue: {
          description: 'Value of padding, 0 to 255, or "mean": 0 after mean and scale. 0 by default.',
          anyOf: [{ type: 'number', minimum: 0, maximum: 255 }, { enum: ['mean'] }],
        },
        roundsDown: flag('With pad: whether sizes are rounded down, and boxes scaled by the unrounded ratio.'),
        padsFirst: flag("With letterbox: whether the image is padded before it is resized, as by Keras' Resizing."),
        antialias: flag('Whether shrinking averages over all pixels, as Pillow does; true by default.'),
        mean: list('Subtracted from pixels of 0 to 255, per channel.', NUMBER, 3, 3),
        scale: list('Divides the pixels afterwards, per channel.', NUMBER, 3, 3),
        color: oneOf('Order of the channels, also of mean and scale; rgb by default.', ['rgb', 'bgr']),
      }),
      outputs: object('The outputs: rows with columns, or boxes and scores.', {
        rows: text('Name of the output [1,N,K], or [1,K,N] if transposed.'),
        columns: list('What the numbers of a row are.', { enum: COLUMNS }, 1),
        boxes: names('Outputs [1,N,4] or [1,h,w,4*A], joined in this order.'),
        scores: names('Outputs [1,N], or [1,N,C] or [1,h,w,C*A] with a score for each class.'),
        classes: text('Output [1,N] of class ids; without it, the best score shows the class.'),
        count: text('Output [1]: the number of valid detections.'),
        transposed: flag('Whether outputs are [1,K,N].'),
      }),
      boxes: object(
        'What the numbers of a box mean.',
        {
          format: oneOf('Corners, a corner and the size, or the center and the size.', BOX_FORMATS),
          scale: oneOf("Pixels or fractions of the model's input, or pixels of the original image.", BOX_SCALES),
          anchors: {
            description:
              'Boxes are offsets to these: [ymin, xmin, ymax, xmax] in the scale of boxes, or a grid in pixels.',
            anyOf: [
              { type: 'array', items: { type: 'array', items: NUMBER, minItems: 4, maxItems: 4 }, minItems: 1 },
              GRID,
            ],
          },
          variances: list('Factors of the offsets; 1 by default.', NUMBER, 4, 4),
        },
        ['format', 'scale'],
      ),
      scores: object('What turns raw scores into probabilities.', {
        activation: oneOf('none by default.', ACTIVATIONS),
        background: flag('Whether the first class is the background.'),
      }),
      classes: object('Class ids and names.', {
        first: integer('Id of the first class, 0 by default.', 0),
        labels: list('Names from the first class.', { type: 'string' }, 1),
      }),
      nms: object('Non-maximum suppression, if the model has none.', {
        iouThreshold: number('Overlap above which the better box suppresses the other; 0.5 by default.', 0, 1),
        scoreThreshold: number('Lowest score; 0.001 by default.', 0, 1),
        perClass: flag('Whether classes are apart; true by default.'),
        maxDetections: integer('100 by default.', 1),
        sigma: number('Gaussian soft-NMS, which lowers scores instead of suppressing boxes.', 0),
      }),
    },
    ['outputs', 'boxes'],
  ),
};
