import type { ResolvedModel } from '../api/resolve-model.ts';
import type { DownloadOptions, DownloadProgress } from '../download/options.ts';
import { endStatus, fileSize, logDetail, status } from './console.ts';
import { formatDuration } from './format-duration.ts';

/** Milliseconds over which the speed is averaged. */
const WINDOW = 5000;
/** Milliseconds. */
const REDRAW = 100;

export function transferStatus(): Pick<DownloadOptions, 'onProgress' | 'onRetry'> {
  const samples: { readonly at: number; readonly done: number }[] = [];
  let file = '';
  let drawn = 0;
  let retryUntil = 0;
  return {
    onProgress(progress) {
      const now = performance.now();
      if (progress.file !== file || progress.done < (samples.at(-1)?.done ?? 0)) samples.length = 0;
      file = progress.file;
      samples.push({ at: now, done: progress.done });
      while (samples.length > 2 && samples[0]!.at < now - WINDOW) samples.shift();
      const over = progress.phase !== 'download' || progress.done === progress.total;
      if ((now - drawn < REDRAW && !over) || now < retryUntil) return;
      drawn = now;
      status(lineOf(progress, speedOf(samples)), shareOf(progress));
    },
    onRetry(reason, wait) {
      retryUntil = performance.now() + wait;
      status(`${file}  ${reason}; trying again in ${Math.ceil(wait / 1000)} s`);
    },
  };
}

function speedOf(samples: readonly { readonly at: number; readonly done: number }[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < REDRAW) return undefined;
  return (last.done - first.done) / ((last.at - first.at) / 1000);
}

const shareOf = ({ phase, done, total }: DownloadProgress): number | undefined =>
  phase === 'download' && total !== undefined && total > 0 ? done / total : undefined;

/** `efficientdet_d0.tar.gz  12.3 of 29.9 MB  5.1 MB/s  4 s left`; `speed` is in bytes per second. */
export function lineOf({ phase, file, done, total }: DownloadProgress, speed: number | undefined): string {
  if (phase === 'check') return `${file}  checking`;
  if (phase === 'wait') return `${file}  ${fileSize(done)}, downloaded by another process`;
  const parts = [file, total === undefined ? fileSize(done) : `${fileSize(done)} of ${fileSize(total)}`];
  if (speed !== undefined) parts.push(`${fileSize(speed)}/s`);
  if (speed !== undefined && speed > 0 && total !== undefined) {
    parts.push(`${formatDuration(Math.ceil((total - done) / speed))} left`);
  }
  return parts.join('  ');
}

export async function resolveWithProgress(
  model: string,
  options: { readonly offline?: boolean | undefined },
): Promise<ResolvedModel> {
  const { resolveModel } = await import('../api/resolve-model.ts');
  try {
    const resolved = await resolveModel(model, { offline: options.offline, ...transferStatus() });
    logDetail(`reading ${resolved.path} (${resolved.kind === 'ir' ? 'OpenVINO IR' : 'TensorFlow'})`);
    return resolved;
  } finally {
    endStatus();
  }
}
