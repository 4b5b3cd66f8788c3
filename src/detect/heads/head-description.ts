/** Orders of a box's four numbers: corners, a corner and the size, or the center and the size. */
export const BOX_FORMATS = ['xyxy', 'yxyx', 'xywh', 'yxhw', 'cxcywh', 'cycxhw'] as const;
export type BoxFormat = (typeof BOX_FORMATS)[number];

/** Units of boxes: pixels or fractions of the model's input, or pixels of the image before it is resized. */
export const BOX_SCALES = ['pixels', 'fractions', 'original'] as const;

/** What happens to an image with another aspect ratio: stretched, or padded on all sides, or on the right and bottom. */
export const INPUT_RESIZES = ['stretch', 'letterbox', 'pad'] as const;

export const ACTIVATIONS = ['none', 'sigmoid', 'softmax'] as const;

/** Parts of a row: a number to skip, the four of the box, objectness, one score and class, or the scores of all classes. */
export const COLUMNS = ['skip', 'box', 'objectness', 'score', 'class', 'scores'] as const;

/** How an image becomes the model's input. */
export interface InputDescription {
  /** `stretch` by default. */
  readonly resize?: (typeof INPUT_RESIZES)[number] | undefined;
  /** Value of padding, 0..255, or `mean`: 0 after mean and scale. 0 by default. */
  readonly padValue?: number | 'mean' | undefined;
  /** With `pad`: whether sizes are rounded down, and boxes scaled by the unrounded ratio. */
  readonly roundsDown?: boolean | undefined;
  /** With `letterbox`: whether the image is padded before it is resized, as by Keras' `Resizing`. */
  readonly padsFirst?: boolean | undefined;
  /** Whether shrinking averages over all pixels, as Pillow does, or samples the nearest, as OpenCV does; true by default. */
  readonly antialias?: boolean | undefined;
  /** Subtracted from pixels 0..255, per channel. */
  readonly mean?: readonly number[] | undefined;
  /** Divides them afterwards. */
  readonly scale?: readonly number[] | undefined;
  /** Order of the channels, also of mean and scale; `rgb` by default. */
  readonly color?: 'rgb' | 'bgr' | undefined;
}

/** The outputs that hold detections: as rows, or boxes and scores apart. */
export interface OutputsDescription {
  /** Output `[1, N, K]`, or `[1, K, N]` if it is transposed. */
  readonly rows?: string | undefined;
  /** What the numbers of a row are. */
  readonly columns?: readonly (typeof COLUMNS)[number][] | undefined;
  /** Outputs `[1, N, 4]` or `[1, h, w, 4 * A]`, joined in this order. */
  readonly boxes?: string | readonly string[] | undefined;
  /** Outputs `[1, N]`, or `[1, N, C]` and `[1, h, w, C * A]` with a score for each class. */
  readonly scores?: string | readonly string[] | undefined;
  /** Output `[1, N]` of class ids; without it, the best score shows the class. */
  readonly classes?: string | undefined;
  /** Output `[1]`: the number of valid detections. */
  readonly count?: string | undefined;
  /** Whether outputs are `[1, K, N]`. */
  readonly transposed?: boolean | undefined;
}

/** Anchors of a feature pyramid, as RetinaNet and EfficientDet have them: at each position, all scales of all ratios. */
export interface AnchorGrid {
  /** Level l has a stride of 2^l pixels. */
  readonly minLevel: number;
  readonly maxLevel: number;
  /** Sizes as multiples of the stride. */
  readonly sizes: readonly number[];
  /** Width divided by height. */
  readonly aspectRatios: readonly number[];
  /** Whether anchors that reach out of the image are cut off at its edges. */
  readonly clip?: boolean | undefined;
}

/** What the four numbers of a box mean. */
export interface BoxesDescription {
  readonly format: BoxFormat;
  readonly scale: (typeof BOX_SCALES)[number];
  /** Boxes `[ymin, xmin, ymax, xmax]` in the scale of the boxes, or a grid in pixels; boxes are then offsets to them. */
  readonly anchors?: readonly (readonly number[])[] | AnchorGrid | undefined;
  /** Factors of the offsets of center and size; 1 by default. */
  readonly variances?: readonly number[] | undefined;
}

/** Non-maximum suppression after the model. */
export interface NmsDescription {
  /** 0.5 by default. */
  readonly iouThreshold?: number | undefined;
  /** Lowest score, 0..1; 0.001 by default. */
  readonly scoreThreshold?: number | undefined;
  /** Whether classes are apart; true by default. */
  readonly perClass?: boolean | undefined;
  /** 100 by default. */
  readonly maxDetections?: number | undefined;
  /** Gaussian soft-NMS, which lowers scores instead; the overlap decides nothing then. */
  readonly sigma?: number | undefined;
}

/**
 * A convention of detectors, for `Detector.load` and `decant convert --head FILE.json`.
 *
 * @example
 * ```ts
 * import { Detector, type HeadDescription } from 'decant';
 *
 * const head: HeadDescription = {
 *   outputs: { boxes: 'output_0', scores: 'output_1', classes: 'output_2', count: 'output_3' },
 *   boxes: { format: 'yxyx', scale: 'original' },
 *   classes: { first: 1 },
 * };
 * using detector = await Detector.load('efficientdet/', { head });
 * console.log((await detector.detect('photo.jpg')).detections.length);
 * ```
 */
export interface HeadDescription {
  readonly input?: InputDescription | undefined;
  readonly outputs: OutputsDescription;
  readonly boxes: BoxesDescription;
  /** What turns raw scores into probabilities; `background` says that the first class is none. */
  readonly scores?:
    | { readonly activation?: (typeof ACTIVATIONS)[number] | undefined; readonly background?: boolean | undefined }
    | undefined;
  /** Id of the first class, 0 by default, and the names of the classes from there. */
  readonly classes?:
    { readonly first?: number | undefined; readonly labels?: readonly string[] | undefined } | undefined;
  readonly nms?: NmsDescription | undefined;
}
