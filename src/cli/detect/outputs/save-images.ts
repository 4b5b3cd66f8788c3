import { drawDetections } from '../../../draw/draw-detections.ts';
import { DecantError } from '../../../errors.ts';
import { imageFormatOf } from '../../../image/encode-image.ts';
import { checkTarget, checkTargetFolder } from '../../../platform/check-target.ts';
import { writeFiles } from '../../../platform/write-files.ts';
import type { OpenOutput, PlanOutput } from '../detect-output.ts';
import { type InputPart, isFolderPath } from '../target-paths.ts';

export const saveImages: PlanOutput = async ({ inputs, targetPath, options: { save } }) => {
  if (save === undefined) return undefined;
  if (await isFolderPath(save)) {
    await checkTargetFolder(save);
    return saveTo(image => targetPath(save, image, 'detected'));
  }
  if (inputs.length > 1) {
    const noun = inputs.every(({ kind }) => kind === 'image') ? 'images' : 'inputs';
    throw tooMany(`${inputs.length} ${noun}`, save);
  }
  if (inputs[0]?.kind === 'image') imageFormatOf(save);
  await checkTarget(save);
  return saveTo(({ page = 1 }) => {
    if (page > 1) throw tooMany(`${page} images`, save);
    return save;
  });
};

const saveTo =
  (pathOf: (image: InputPart) => string): OpenOutput =>
  () => ({
    async save(image, result) {
      // Frames are saved as a video.
      if (image.frame !== undefined) return [];
      const path = pathOf(image);
      const encoded = await drawDetections(result.image, result.detections, { format: imageFormatOf(path) });
      await writeFiles([{ path, parts: [encoded] }]);
      return [path];
    },
  });

const tooMany = (what: string, file: string): DecantError =>
  new DecantError('invalid-argument', `cannot save ${what} to one file, '${file}'`, { remedy: 'Name a folder.' });
