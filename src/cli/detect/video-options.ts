import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { findFfmpeg } from '../../video/find-ffmpeg.ts';
import { isLive } from '../../video/video-source.ts';
import { cropObjects } from './crop-objects.ts';
import type { VideoOptions } from './detect-video.ts';
import type { Options } from './options.ts';
import { videoTarget } from './save-images.ts';
import type { TargetPath } from './target-paths.ts';

/**
 * What becomes of the videos among the inputs; what cannot be is told before the model is loaded.
 *
 * @throws DecantError `not-found` without ffmpeg, `invalid-argument` for options that do not go with videos
 */
export async function videoOptions(
  inputs: readonly Input[],
  targetPath: TargetPath,
  options: Options,
): Promise<VideoOptions> {
  const { save, crop, every = 1, maxFrames } = options;
  const videos = inputs.filter(({ kind }) => kind === 'video');
  if (videos.length > 0) checkVideos(videos, options);
  return {
    every,
    maxFrames,
    target: save === undefined ? undefined : await videoTarget(save, targetPath),
    outputs: crop === undefined ? [] : [cropObjects(crop, targetPath)],
    stop: new AbortController(),
  };
}

function checkVideos(videos: readonly Input[], { report, annotations }: Options): void {
  findFfmpeg();
  if (annotations !== undefined) {
    throw new DecantError('invalid-argument', `--annotations are of pictures, and ${videos[0]!.name} is a video`);
  }
  const live = videos.find(({ name }) => isLive(name));
  if (report === undefined || live === undefined) return;
  throw new DecantError('invalid-argument', `${live.name} has no end, and a report shows all of an input`, {
    remedy: 'Save the video first, and make a report of that.',
  });
}
