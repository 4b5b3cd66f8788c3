import { convertToFile } from '../../api/convert-to-file.ts';
import type { CacheableOptions } from '../../api/model-cache.ts';
import type { ResolvedModel } from '../../api/resolve-model.ts';
import type { Detection } from '../../detect/detection.ts';
import { Mask } from '../../detect/mask.ts';
import { drawDetections } from '../../draw/draw-detections.ts';
import { decodeBmp } from '../../image/decode-bmp.ts';
import type { ImageFormat } from '../../image/encode-image.ts';
import type { Image } from '../../image/image.ts';
import { decodeImage } from '../../image/read-image.ts';

/** A step of a conversion, and the number of ops after it. */
export interface ThreadStep {
  readonly stage: string;
  readonly ops: number;
}

/** An image file. */
interface SentFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly maxPixels: number;
}

/** Arguments and results of the tasks of a thread, which are copied to and from it. */
export interface Tasks {
  readonly decodeBmp: {
    readonly argument: SentFile;
    readonly result: Image;
  };
  /** Decodes the image again, because its pixels are more to copy than its file. */
  readonly draw: {
    readonly argument: SentFile & { readonly detections: readonly Detection[]; readonly format: ImageFormat };
    readonly result: Uint8Array;
  };
  readonly convert: {
    readonly argument: { readonly model: ResolvedModel; readonly options: CacheableOptions; readonly xml: string };
    readonly result: undefined;
  };
}

export type TaskName = keyof Tasks;

/** Runs a task; returns its result, and the memory to move instead of copying it. */
export type Task<N extends TaskName> = (
  argument: Tasks[N]['argument'],
  onStep: (step: ThreadStep) => void,
) => Promise<readonly [result: Tasks[N]['result'], moved: readonly ArrayBuffer[]]>;

export const TASKS: { readonly [N in TaskName]: Task<N> } = {
  // eslint-disable-next-line @typescript-eslint/require-await
  async decodeBmp({ bytes, name, maxPixels }) {
    const image = decodeBmp(bytes, name, maxPixels);
    return [image, [image.data.buffer as ArrayBuffer]];
  },
  async draw({ bytes, name, maxPixels, detections, format }) {
    const image = await decodeImage(bytes, name, 1, maxPixels);
    return [await drawDetections(image, detections.map(withMask), { format }), []];
  },
  async convert({ model, options, xml }, onStep) {
    await convertToFile(model, { ...options, onStep: ({ stage, ops }) => onStep({ stage, ops }) }, xml);
    return [undefined, []];
  },
};

/** Makes a copied mask one again. */
const withMask = ({ mask, ...detection }: Detection): Detection =>
  mask === undefined ? detection : { ...detection, mask: new Mask(mask, mask.data, mask.imageSize) };
