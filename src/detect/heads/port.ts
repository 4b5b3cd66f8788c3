import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';

export interface Port {
  readonly names: readonly string[];
  readonly type: ElementType;
  /** Undefined sizes are dynamic. */
  readonly shape: readonly (number | undefined)[];
  /** The parts that it is concatenated from along an axis, by axis, if the graph shows them. */
  readonly parts?: Readonly<Record<number, readonly Part[]>> | undefined;
  /**
   * What the first numbers along an axis are, by axis, if the graph shows them: `xy--` for a center and a size, `yxyx` for
   * corners.
   */
  readonly directions?: Readonly<Record<number, string>> | undefined;
}

export interface Part {
  readonly width: number;
  /** Whether its elements are products of two values that both depend on the image. */
  readonly isProduct?: boolean;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** How the graph chooses detections: with NMS, as the peaks of a heat map, as the best candidates, or not. */
  readonly selection?: 'nms' | 'peaks' | 'top' | 'none' | undefined;
  /** Names of the outputs that are known to hold whole numbers, such as classes, as floats. */
  readonly indices?: readonly string[] | undefined;
  /** Names of the outputs that 1 is added to, as to classes that count from 1. */
  readonly oneBased?: readonly string[] | undefined;
  /** The order in boxes that are decoded from a grid before NMS. */
  readonly boxOrder?: 'xy' | 'yx' | undefined;
  /** The first number of that grid: 0, or -0.5 if centers reach out of their cells. */
  readonly firstCell?: number | undefined;
  /** The number of classes, if the graph shows it. */
  readonly classCount?: number | undefined;
  /** Whether rows of detections are known to be in pixels. */
  readonly areRowsPixels?: boolean | undefined;
  /** What the model's file says about its image input. */
  readonly normalization?: Normalization | undefined;
  /** What it says about its candidates. */
  readonly decoding?: BoxDecoding | undefined;
}

/** An image input takes (pixel - mean) / std, with one value of each, or one per channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How the outputs of a detector become boxes and scores. */
export interface BoxDecoding {
  /** Boxes `[ymin, xmin, ymax, xmax]` as fractions of the image, which the boxes of the output are offsets from. */
  readonly anchors: readonly (readonly number[])[];
  /** Factors of the offsets of y, x, height and width. */
  readonly variances: readonly number[];
  /** Whether scores are logits. */
  readonly hasLogits: boolean;
}

/** Tensors by any name of their port. */
export type Tensors = Readonly<Record<string, Tensor>>;

export const portNamed = (ports: readonly Port[], name: string): Port | undefined =>
  ports.find(port => port.names.includes(name));

/** Whether any of the names of a port is listed, as in `Ports.indices`. */
export const isListed = (names: readonly string[] = [], port: Port): boolean =>
  port.names.some(name => names.includes(name));

/**
 * Says that the graph shows other boxes than expected; undefined if it shows these, or nothing.
 *
 * @param box such as `xy--` for a center and a size
 * @param at first number of the box along the axis
 */
export function otherBoxes(port: Port, axis: number, box: string, at = 0): string | undefined {
  const shown = port.directions?.[axis]?.slice(at, at + box.length) ?? '';
  if (shown === box || !/[xy]/.test(shown)) return undefined;
  const meaning = Array.from(shown, letter => (letter === '-' ? 'another number' : `a position along ${letter}`));
  return `the boxes of '${port.names[0] ?? ''}' are ${meaning.join(', ')}`;
}

/** Says which of the named ports are missing. */
export function missingPorts(ports: readonly Port[], names: readonly string[]): string {
  const missing = names.filter(name => portNamed(ports, name) === undefined);
  return `there is no output ${missing.map(name => `'${name}'`).join(', ')}`;
}

export function tensorAt(outputs: Tensors, { names }: Port): Tensor {
  for (const name of names) {
    const tensor = outputs[name];
    if (tensor !== undefined) return tensor;
  }
  throw new DecantError('internal', `the model did not return output '${names.join("' or '")}'`);
}

export const numbersAt = (outputs: Tensors, port: Port): ReturnType<typeof numbersOf> =>
  numbersOf(tensorAt(outputs, port));

export const formatPorts = (ports: readonly Port[]): string =>
  ports.length === 0
    ? 'none'
    : ports
        .map(
          ({ names, type, shape }) => `${names[0] ?? '(no name)'} ${type}[${shape.map(size => size ?? '?').join(',')}]`,
        )
        .join(', ');
