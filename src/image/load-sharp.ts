import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** Loads the image codecs at first use: they are native and slow to load, and converting a model needs none. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(module => {
    // The cache holds decoded images for repeated operations on the same bytes, and there are none.
    module.default.cache(false);
    // Decoding gains little from more threads, and inference needs the cores.
    module.default.concurrency(1);
    return module.default;
  });
  return loading;
}
