import { cropBox } from '../../../image/crop.ts';
import { encodeImage, imageFormatOf } from '../../../image/encode-image.ts';
import { checkTargetFolder } from '../../../platform/check-target.ts';
import { writeFiles } from '../../../platform/write-files.ts';
import { shortened } from '../../../results/image-names.ts';
import type { PlanOutput } from '../detect-output.ts';

/** File systems allow 255 bytes per name. */
const MAX_LABEL_BYTES = 60;

/** `--crop`: writes each object as an image of its own; `photo-1-person.jpg` is the best detection in `photo.jpg`. */
export const cropObjects: PlanOutput = async ({ targetPath, options: { crop } }) => {
  if (crop === undefined) return undefined;
  await checkTargetFolder(crop);
  return () => ({
    async save(part, { image, detections }) {
      const paths: string[] = [];
      for (const [i, { label, box }] of detections.entries()) {
        const path = targetPath(
          crop,
          part,
          `${i + 1}-${shortened(label.replaceAll(/[^\p{L}\p{N}.]+/gu, '_'), MAX_LABEL_BYTES)}`,
        );
        const encoded = await encodeImage(cropBox(image, box), imageFormatOf(path));
        await writeFiles([{ path, parts: [encoded] }]);
        paths.push(path);
      }
      return paths;
    },
  });
};
