import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { DetectionResult } from '../../api/detector.ts';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { videoFormatOf } from '../../video/video-format.ts';
import type { Part, TargetPath } from './target-paths.ts';

/** Writes files about a picture, and gives their paths. */
export type ImageOutput = (part: Part, result: DetectionResult) => Promise<readonly string[]>;

/** The folder that `--save` names, or undefined where it names a file. */
export async function folderOf(save: string): Promise<string | undefined> {
  const isFolder = stat(save).then(
    facts => facts.isDirectory(),
    () => false,
  );
  return extname(save) === '' || save.endsWith('/') || (await isFolder) ? save : undefined;
}

/**
 * Writes each picture with its boxes into a folder, or the only one into a file.
 *
 * @throws DecantError `invalid-argument` for a file that several pictures would go to, or of a format that is not written
 */
export async function saveImages(save: string, inputs: readonly Input[], targetPath: TargetPath): Promise<ImageOutput> {
  const folder = await folderOf(save);
  const file = folder === undefined ? save : undefined;
  if (file !== undefined) {
    const noun = inputs.every(({ kind }) => kind === 'picture') ? 'pictures' : 'inputs';
    if (inputs.length > 1) throw tooMany(`${inputs.length} ${noun}`, file);
    if (inputs[0]?.kind === 'video') videoFormatOf(file);
    else (await tools()).imageFormatOf(file);
  }
  return async (part, result) => {
    if (file !== undefined && part.page !== undefined && part.page > 1) throw tooMany(`${part.page} pictures`, file);
    const path = file ?? targetPath(folder!, part, 'detected');
    const { drawDetections, imageFormatOf, writeFiles } = await tools();
    const picture = await drawDetections(result.image, result.detections, { format: imageFormatOf(path) });
    await writeFiles([{ path, parts: [picture] }]);
    return [path];
  };
}

/** Where a video with its boxes goes: into the folder that `--save` names, or to the file. */
export async function videoTarget(save: string, targetPath: TargetPath): Promise<(input: Input) => string> {
  const folder = await folderOf(save);
  return input => (folder === undefined ? save : targetPath(folder, { input }, 'detected'));
}

const tooMany = (what: string, file: string): DecantError =>
  new DecantError('invalid-argument', `${what} do not fit into the one file '${file}'`, {
    remedy: 'Give a folder.',
  });

/** Loaded when the first picture is written: drawing is native code that not every command needs. */
async function tools() {
  const [{ drawDetections }, { imageFormatOf }, { writeFiles }] = await Promise.all([
    import('../../draw/draw-detections.ts'),
    import('../../image/encode-image.ts'),
    import('../../platform/write-files.ts'),
  ]);
  return { drawDetections, imageFormatOf, writeFiles };
}
