import { annotate } from '../../../draw/draw-detections.ts';
import type { VideoInfo } from '../../../video/probe-video.ts';
import { videoFormatOf } from '../../../video/video-format.ts';
import { VideoWriter } from '../../../video/video-writer.ts';
import type { FrameSink, PlanOutput } from '../detect-output.ts';
import { isFolderPath } from '../target-paths.ts';
import type { TrackedResult } from '../track-frames.ts';

export const saveVideo: PlanOutput = async ({ inputs, targetPath, options: { save } }) => {
  if (save === undefined || !inputs.some(({ kind }) => kind === 'video')) return undefined;
  const isFolder = await isFolderPath(save);
  if (!isFolder) videoFormatOf(save);
  return () => ({
    async openVideo({ input, info, maxFrames }) {
      const path = isFolder ? targetPath(save, { input }, 'detected') : save;
      return drawFrames(await VideoWriter.create(path, { like: info, seconds: soundEnd(info, maxFrames) }));
    },
  });
};

/** Seconds of sound to keep if only the first frames are taken. */
function soundEnd(info: VideoInfo | undefined, maxFrames: number): number | undefined {
  return info?.frames !== undefined && maxFrames < info.frames ? maxFrames / info.frameRate : undefined;
}

function drawFrames(writer: VideoWriter): FrameSink {
  let latest: Pick<TrackedResult, 'detections' | 'tracks'> = { detections: [] };
  return {
    async add({ image, time }, result) {
      latest = result ?? latest;
      const { detections, tracks } = latest;
      const drawn = await annotate(image, detections, { tracks });
      return () => writer.write(drawn, time);
    },
    async finish() {
      await writer.finish();
      return [writer.path];
    },
    close: () => writer.discard(),
  };
}
