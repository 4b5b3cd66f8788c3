import type { ImageOutput } from './save-images.ts';
import type { TargetPath } from './target-paths.ts';

/** Writes each object as a picture of its own into a folder: `photo-1-person.jpg` is the surest one of `photo.jpg`. */
export const cropObjects =
  (folder: string, targetPath: TargetPath): ImageOutput =>
  async (part, { image, detections }) => {
    const { cropBox, encodeImage, imageFormatOf, writeFiles } = await tools();
    const paths: string[] = [];
    for (const [i, { label, box }] of detections.entries()) {
      const path = targetPath(folder, part, `${i + 1}-${label.replaceAll(/[^\p{L}\p{N}.]+/gu, '_')}`);
      const picture = await encodeImage(cropBox(image, box), imageFormatOf(path));
      await writeFiles([{ path, parts: [picture] }]);
      paths.push(path);
    }
    return paths;
  };

async function tools() {
  const [{ cropBox }, { encodeImage, imageFormatOf }, { writeFiles }] = await Promise.all([
    import('../../image/crop.ts'),
    import('../../image/encode-image.ts'),
    import('../../platform/write-files.ts'),
  ]);
  return { cropBox, encodeImage, imageFormatOf, writeFiles };
}
