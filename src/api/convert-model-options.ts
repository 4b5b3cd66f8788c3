import type { ConvertOptions } from '../convert.ts';
import type { HeadChoice } from '../detect/heads/find-head.ts';
import type { Labels } from '../labels/labels.ts';
import type { OutputLayout } from '../output-layout/arrange-outputs.ts';
import type { Preprocessing } from '../preprocess/steps.ts';
import type { FrozenValue } from '../tf/frozen-value.ts';
import type { InputSpec } from '../tf/input-spec.ts';
import type { InputShapes } from './input-shapes.ts';
import type { PostProcessingOptions } from './post-processing-options.ts';

/** Inputs and outputs, preprocessing, post-processing, output layout and weight type of a conversion. */
export interface ConvertModelOptions
  extends
    Omit<
      ConvertOptions,
      'inputs' | 'inputShapes' | 'freeze' | 'preprocess' | 'arrange' | 'appendNms' | 'limitDetections' | 'postProcess'
    >,
    PostProcessingOptions {
  /**
   * The kind of detector: a name from `docs/detectors.md`, or a description. By default, the one that fits the outputs.
   */
  readonly head?: HeadChoice | undefined;
  /** Preprocessing to add to the model, as an object or as text: `u8,nhwc,bgr,resize=linear,mean=127.5`. */
  readonly preprocess?: string | Preprocessing | undefined;
  /**
   * Inputs, or inner tensors that become inputs, with shapes and types: as objects, or as text in the syntax of `ovc`
   * (`image[1,640,640,3]{u8},other[?,1..10]`).
   */
  readonly inputs?: string | readonly (string | InputSpec)[];
  /**
   * Shapes to fix, where -1 leaves a size dynamic: one shape for the only input (`[1, 512, 512, 3]`), shapes by input name,
   * or text (`images[1,512,512,3]`).
   */
  readonly inputShapes?: InputShapes;
  /**
   * Inputs to replace with constants, which are then folded: values by the name of the input or placeholder, or text. A
   * single value fills any shape: `{ phase_train: false, sizes: [1, 2] }`, `phase_train=false,sizes=[1,2]`.
   */
  readonly freeze?: string | Readonly<Record<string, FrozenValue>>;
  /**
   * Class names to store in the IR, or a function that returns them for the model's first class id, 0 or 1. By default,
   * those of the model's output convention.
   */
  readonly labels?: Labels | ((firstClassId: number) => Labels) | undefined;
  /**
   * Rewrites a detector's outputs. `ssd7` is a single output `detection_out` f32 [1,1,N,7] with rows of image (-1 ends the
   * list), class, score, xmin, ymin, xmax, ymax (0..1), for OpenVINO's Model API, Frigate and DL Streamer.
   */
  readonly layout?: OutputLayout | undefined;
  /**
   * Leaves out the outputs of a detector that `Detector` does not read, such as the scores of all candidates. Has no effect
   * together with `outputs` or `layout`.
   */
  readonly onlyDetections?: boolean | undefined;
}
