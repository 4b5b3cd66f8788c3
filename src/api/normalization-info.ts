import type { Normalization } from '../detect/heads/port.ts';

/** The facts that a conversion states about the values of the image input. */
export const normalizationInfo = (normalization: Normalization | undefined): Readonly<Record<string, string>> =>
  normalization === undefined
    ? {}
    : { image_mean: normalization.mean.join(' '), image_std: normalization.std.join(' ') };

/** Reads what `normalizationInfo` wrote. */
export function readNormalization(mean: string, std: string): Normalization | undefined {
  const [means, stds] = [mean, std].map(text => text.split(' ').map(Number)) as [number[], number[]];
  const isValid = means.length === stds.length && stds.every(each => each > 0) && means.every(Number.isFinite);
  return isValid ? { mean: means, std: stds } : undefined;
}
