import type { HeadChoice } from '../detect/heads/find-head.ts';
import { feedImage, imagePort } from '../detect/heads/image-port.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import { asDecantError, DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { type ImageInput, openImage } from '../image/open-image.ts';
import { mapAhead } from '../pipeline/map-ahead.ts';
import type { Samples } from '../quantize/measure.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { IrInfo } from './ir-info.ts';
import { headFor, headsOf } from './network-head.ts';

/** Inputs of a model, for those that take no image: the tensor of the only input, or tensors by name. */
export interface InputTensors {
  /** The tensors, or a function that reads them when they are needed. */
  readonly inputs: Tensor | Tensors | (() => Promise<Tensor | Tensors>);
}

/** What a quantization runs the model on. */
export type CalibrationInput = ImageInput | InputTensors;

/** Inputs of a model, and the image that they were prepared from. */
export interface CalibrationSample {
  readonly inputs: Tensors;
  readonly image?: Image;
}

/** With fewer images, ranges depend on what these happen to show. */
const FEW = 20;

/** Images read ahead of the device. */
const AHEAD = 3;

/** The images for a quantization, prepared as for detection. They are read again for each step, not kept in memory. */
export class CalibrationSet {
  readonly #images: readonly CalibrationInput[];
  readonly #read: (input: CalibrationInput, signal: AbortSignal) => Promise<CalibrationSample>;
  readonly #unreadable = new Map<number, DecantError>();
  readonly #uniform = new Set<number>();

  /** @throws DecantError `invalid-argument` without images, `unsupported` if the model does not take an image */
  constructor(ports: Ports, info: IrInfo, images: readonly CalibrationInput[], head = info.head) {
    if (images.length === 0) {
      throw new DecantError('invalid-argument', 'quantization needs images', {
        remedy: "Pass 100 to 300 images that are typical of the model's use; they need no annotations.",
      });
    }
    this.#images = images;
    // Found before any image is read, so that other models are rejected quickly.
    const prepare = images.every(isTensors) ? undefined : preparer(ports, info, head);
    this.#read = async (input, signal) => {
      if (isTensors(input)) return { inputs: byName(ports, await tensorsOf(input)) };
      const image = await openImage(input, signal);
      return { image, inputs: await prepare!(image) };
    };
  }

  /** Number of images that can be read, as far as known. */
  get size(): number {
    return this.#images.length - this.#unreadable.size;
  }

  /** What makes the result less reliable. */
  get warnings(): readonly string[] {
    const [first] = this.#unreadable.values();
    const unreadable = this.#unreadable.size;
    const uniform = this.#uniform.size;
    return [
      ...(first === undefined
        ? []
        : [`${unreadable} of ${this.#images.length} images cannot be read: ${first.describe()}`]),
      ...(uniform === 0 ? [] : [`images of a single color: ${uniform} of ${this.size}`]),
      ...(this.size < FEW ? [`only ${this.size} of the 100 to 300 images that reliable ranges need`] : []),
    ];
  }

  readonly samples: Samples = signal => this.#inputs(signal);

  async *#inputs(signal: AbortSignal | undefined): AsyncGenerator<Tensors, void, undefined> {
    for await (const { inputs } of this.read(signal)) yield inputs;
  }

  /** @throws DecantError the first image's error if none can be read, `invalid-argument` if all are of a single color */
  async *read(signal?: AbortSignal): AsyncGenerator<CalibrationSample, void, undefined> {
    const indices = [...this.#images.keys()].filter(index => !this.#unreadable.has(index));
    const open = async (index: number, stop: AbortSignal): Promise<CalibrationSample | undefined> => {
      try {
        const sample = await this.#read(this.#images[index]!, stop);
        if (sample.image !== undefined && isUniform(sample.image)) this.#uniform.add(index);
        return sample;
      } catch (thrown) {
        const error = asDecantError(thrown);
        if (error.code === 'cancelled' || error.code === 'internal') throw error;
        this.#unreadable.set(index, error);
        return undefined;
      }
    };
    for await (const sample of mapAhead(indices, open, { concurrency: AHEAD, signal })) {
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
    remedy:
      'Pass its inputs as arrays: files written by numpy.save (.npy), or by numpy.savez (.npz) for several inputs.',
  });
}

const isTensors = (input: CalibrationInput): input is InputTensors => typeof input === 'object' && 'inputs' in input;

const tensorsOf = async ({ inputs }: InputTensors): Promise<Tensor | Tensors> =>
  typeof inputs === 'function' ? inputs() : inputs;

const isTensor = (value: Tensor | Tensors): value is Tensor => typeof value.type === 'string';

/** @throws DecantError `invalid-argument` if an input has no tensor */
function byName({ inputs }: Ports, given: Tensor | Tensors): Tensors {
  const names = inputs.map(({ names: [name] }) => name!);
  const tensors = isTensor(given) && names.length === 1 ? { [names[0]!]: given } : given;
  const missing = names.find(name => isTensor(tensors) || tensors[name] === undefined);
  if (missing === undefined) return tensors as Tensors;
  throw new DecantError('invalid-argument', `input '${missing}' has no tensor`, {
    remedy: `Pass one for each input: ${names.join(', ')}.`,
  });
}

const isUniform = ({ data }: Image): boolean => data.every((byte, i) => byte === data[i % 3]);

const allUniform = (): DecantError =>
  new DecantError(
    'invalid-argument',
    'every image is a single color, so the ranges of the activations cannot be measured',
    {
      remedy: "Pass images that are typical of the model's use.",
    },
  );
