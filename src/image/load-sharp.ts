import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** The picture codecs, loaded at first use: they are native and slow to load, and converting a model needs none. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(module => {
    // Its cache would keep whole decoded pictures alive for repeated operations on the same bytes, which never come.
    module.default.cache(false);
    // One picture gains little from more threads, and inference wants the cores.
    module.default.concurrency(1);
    return module.default;
  });
  return loading;
}
