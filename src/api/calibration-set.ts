import type { HeadChoice } from '../detect/heads/find-head.ts';
import { feedImage, imagePort } from '../detect/heads/image-port.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import { asDecantError, DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { type ImageInput, openImage } from '../image/open-image.ts';
import { mapAhead } from '../pipeline/map-ahead.ts';
import type { Samples } from '../quantize/measure.ts';
import type { IrInfo } from './ir-info.ts';
import { headFor, headsOf } from './network-head.ts';

/** With fewer images, ranges depend on what these happen to show. */
const FEW = 20;

/** Images read ahead of the device. */
const AHEAD = 3;

/** The images for a quantization, prepared as for detection. They are read again for each step, not kept in memory. */
export class CalibrationSet {
  readonly #images: readonly ImageInput[];
  readonly #prepare: (image: Image) => Promise<Tensors>;
  readonly #unreadable = new Map<number, DecantError>();
  readonly #uniform = new Set<number>();

  /** @throws DecantError `invalid-argument` without images, `unsupported` if the model does not take an image */
  constructor(ports: Ports, info: IrInfo, images: readonly ImageInput[], head = info.head) {
    if (images.length === 0) {
      throw new DecantError('invalid-argument', 'quantization needs images', {
        remedy: 'Give 100 to 300 images that look like those the model will be used on; they need no annotations.',
      });
    }
    this.#images = images;
    this.#prepare = preparer(ports, info, head);
  }

  /** Number of images to read. */
  get size(): number {
    return this.#images.length - this.#unreadable.size;
  }

  /** @throws DecantError the first image's error if none can be read, `invalid-argument` if all are of a single color */
  readonly samples: Samples = signal => this.#read(signal);

  /** What makes the result less reliable. */
  get warnings(): readonly string[] {
    const [first] = this.#unreadable.values();
    const unreadable = this.#unreadable.size;
    const uniform = this.#uniform.size;
    return [
      ...(first === undefined ? [] : [`${unreadable} images cannot be read: ${first.describe()}`]),
      ...(uniform === 0 ? [] : [`${uniform} images are of a single color`]),
      ...(this.size < FEW ? [`${this.size} images are few: 100 to 300 give more reliable ranges`] : []),
    ];
  }

  async *#read(signal: AbortSignal | undefined): AsyncGenerator<Tensors, void, undefined> {
    const readable = this.#images
      .map((image, index) => ({ image, index }))
      .filter(({ index }) => !this.#unreadable.has(index));
    const open = async ({ image, index }: { image: ImageInput; index: number }, stop: AbortSignal) => {
      try {
        const opened = await openImage(image, stop);
        if (isUniform(opened)) this.#uniform.add(index);
        return await this.#prepare(opened);
      } catch (thrown) {
        const error = asDecantError(thrown);
        if (error.code === 'cancelled' || error.code === 'internal') throw error;
        this.#unreadable.set(index, error);
        return undefined;
      }
    };
    for await (const sample of mapAhead(readable, open, { concurrency: AHEAD, signal })) {
      if (sample !== undefined) yield sample;
    }
    const [first] = this.#unreadable.values();
    if (this.size === 0) throw first!;
    if (this.#uniform.size === this.size) throw allUniform();
  }
}

function preparer(ports: Ports, info: IrInfo, chosen: HeadChoice | undefined): (image: Image) => Promise<Tensors> {
  if (info.preprocess !== undefined || chosen !== undefined || headsOf(ports, info, chosen).length > 0) {
    const head = headFor(ports, info, chosen);
    return image => head.prepare(image);
  }
  const port = imagePort(ports, ['NHWC', 'NCHW']);
  if (port !== undefined) return image => feedImage(image, port);
  throw new DecantError('unsupported', 'the model does not take a single image of three channels', {
    remedy: 'Quantize models whose only input is an image: f32, i32 or u8 of [1,height,width,3] or [1,3,height,width].',
  });
}

const isUniform = ({ data }: Image): boolean => data.every((byte, i) => byte === data[i % 3]);

const allUniform = (): DecantError =>
  new DecantError('invalid-argument', 'all images are of a single color, so they say nothing about the ranges', {
    remedy: 'Give images that look like those the model will be used on.',
  });
