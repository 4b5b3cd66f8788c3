import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';
import { type Box, clipBox, type Detection } from '../detection.ts';
import type { Image, Size } from '../image.ts';
import { labelOf, type Labels } from '../labels.ts';

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
  prepare(image: Image): Promise<Tensors>;
  /** All that the network found, in its order, for a picture of `size`: the original one, not what the network saw. */
  decode(outputs: Tensors, size: Size, labels: Labels): readonly Detection[];
}

/** A convention: the head for a network of these ports, or undefined where it does not follow the convention. */
export type HeadMatcher = (ports: Ports) => Head | undefined;

export const portNamed = (ports: readonly Port[], name: string): Port | undefined =>
  ports.find(port => port.names.includes(name));

/** The elements of an output. @throws DecantError `internal` when the network did not give the output */
export function numbersAt(outputs: Tensors, port: Port): ReturnType<typeof numbersOf> {
  for (const name of port.names) {
    const tensor = outputs[name];
    if (tensor !== undefined) return numbersOf(tensor);
  }
  throw new DecantError('internal', `the network gave no output ${port.names.join(' or ')}`);
}

/** One detection; none where nothing of its box is inside the picture, or where a number is not one. */
export function detectionsOf(
  labels: Labels,
  size: Size,
  found: { readonly classId: number; readonly score: number; readonly box: Box },
): readonly Detection[] {
  const box = clipBox(found.box, size);
  if (box === undefined || !Number.isFinite(found.score) || !Number.isFinite(found.classId)) return [];
  const classId = Math.round(found.classId);
  return [{ label: labelOf(labels, classId), classId, score: found.score, box }];
}
