import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** Loads the image codecs at first use: they are native and slow to load, and converting a model needs none. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(module => {
    // Nothing is decoded twice, and inference needs the cores.
    module.default.cache(false);
    module.default.concurrency(1);
    return module.default;
  });
  return loading;
}
