import type { Size, TensorLayout } from '../../image/image.ts';
import { type Area, areaOf } from '../../preprocess/geometry.ts';
import type { feedImage as feed } from './feed-image.ts';
import { type Feeding, type ImagePort, modelSize, paddedRect, ratioOf } from './feeding.ts';
import { formatPorts, type Ports } from './port.ts';

export type { Feeding, ImagePort } from './feeding.ts';

/** Returns undefined if there are other inputs, or if it is not a batch of one RGB image in one of `layouts`. */
export function imagePort({ inputs }: Ports, layouts: readonly TensorLayout[] = ['NHWC']): ImagePort | undefined {
  const [port] = inputs;
  const name = port?.names[0];
  if (port === undefined || name === undefined || inputs.length !== 1 || port.shape.length !== 4) return undefined;
  const { type, shape } = port;
  const layout = layouts.find(order => shape[order.indexOf('C')] === 3);
  const [batch = 1] = shape;
  if (batch !== 1 || layout === undefined || (type !== 'u8' && type !== 'f32' && type !== 'i32')) return undefined;
  return { name, type, layout, height: shape[layout.indexOf('H')], width: shape[layout.indexOf('W')] };
}

/** Says why `imagePort` returned undefined. */
export const noImagePort = ({ inputs }: Ports): string =>
  `the inputs are not one RGB image, but ${formatPorts(inputs)}`;

/** The ports of a model that takes images of any size, as if they were all of one size. */
export function withImageSize(ports: Ports, { layout }: ImagePort, { width, height }: Size): Ports {
  const shape = layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
  return { ...ports, inputs: ports.inputs.map(each => ({ ...each, shape })) };
}

/** What turns pixels into tensors is loaded with the first image: conversions have none. */
export const feedImage: typeof feed = async (image, input, feeding) =>
  (await import('./feed-image.ts')).feedImage(image, input, feeding);

/** The area of an image that the model sees, in fractions of the image. */
export function fedArea(image: Size, input: ImagePort, { fit, roundsDown = false, padsFirst = false }: Feeding): Area {
  const model = modelSize(image, input);
  if (padsFirst) {
    const { x, y, width, height } = paddedRect(image, model);
    return { x: -x / image.width, y: -y / image.height, width: width / image.width, height: height / image.height };
  }
  if (!roundsDown) return areaOf({ fit }, image, model);
  const ratio = ratioOf(image, model);
  return { x: 0, y: 0, width: model.width / ratio / image.width, height: model.height / ratio / image.height };
}
