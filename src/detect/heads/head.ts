import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';
import type { Found } from '../found.ts';
import type { Area } from '../../preprocess/geometry.ts';
import type { Image, Size } from '../image.ts';
import type { Labels } from '../labels.ts';
import type { DetectionTable } from './detection-table.ts';

/** An input or output of a network, as plain data. */
export interface Port {
  readonly names: readonly string[];
  readonly type: ElementType;
  /** A size is undefined where the network takes or gives any. */
  readonly shape: readonly (number | undefined)[];
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Tensors by one of their port's names. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** One convention of detectors, matched to a network: how it wants the picture, and what its outputs mean. */
export interface Head {
  /** The convention's. */
  readonly name: string;
  /** The names of the classes where nobody brings others. */
  readonly labels: Labels;
  /** The id of the first class, for lists of names that hold no ids. */
  readonly firstClassId: number;
  /** The outputs that the detections are read from: boxes, scores, classes, and which candidates became them. */
  readonly rows: readonly Port[];
  /** All outputs that `read` looks at. */
  readonly reads: readonly Port[];
  /** The outputs with the boxes, and the scores for each class, of all candidates, where the network has such. */
  readonly candidates: readonly Port[];
  /** What the outputs mean, where they can be put together in another layout. */
  readonly table: DetectionTable | undefined;
  /** That boxes are fractions of the frame that goes in, whatever preprocessing inside of the network makes of it. */
  readonly ofFrame?: boolean;
  prepare(image: Image): Promise<Tensors>;
  /** The area of a picture that the network looks at, where that is not the whole of it. */
  area?(picture: Size): Area;
  /** All that the network found, in its order. */
  read(outputs: Tensors): Found;
}

/** A convention: the head for a network of these ports, or undefined where it does not follow the convention. */
export type HeadMatcher = (ports: Ports) => Head | undefined;

export const portNamed = (ports: readonly Port[], name: string): Port | undefined =>
  ports.find(port => port.names.includes(name));

/** An output. @throws DecantError `internal` when the network did not give it */
export function tensorAt(outputs: Tensors, { names }: Port): Tensor {
  for (const name of names) {
    const tensor = outputs[name];
    if (tensor !== undefined) return tensor;
  }
  throw new DecantError('internal', `the network gave no output ${names.join(' or ')}`);
}

/** The elements of an output. */
export const numbersAt = (outputs: Tensors, port: Port): ReturnType<typeof numbersOf> =>
  numbersOf(tensorAt(outputs, port));
