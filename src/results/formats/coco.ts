import { COCO_91 } from '../../labels/coco.ts';
import type { Detection } from '../../detect/detection.ts';
import { fileNameOf } from '../image-names.ts';
import type { DatasetIds, ImageId, ResultContext, ResultFormat } from '../result-writer.ts';
import { rounded, textPart } from '../result-part.ts';

/**
 * COCO's results format, which `pycocotools` loads: an array of `{image_id, category_id, bbox, score}` with boxes as
 * `[x, y, width, height]` in pixels, and `segmentation` and `keypoints` if the model predicts them.
 *
 * Without a data set, the image id is the file name without extension, as a number if it is one (as in COCO), followed by the
 * number of the page or frame. Classes have COCO's ids if all names are COCO's, else the model's ids. Classes that a data set
 * does not have are left out.
 */
export const coco: ResultFormat = {
  name: 'coco',
  summary: 'COCO results for pycocotools; ids from --annotations',
  output: 'text',
  writer: context => {
    const dataset = context.dataset ?? defaultIds(context);
    let separator = '[\n';
    return {
      begin: () => [],
      write({ file, page, frame, detections }) {
        const fileId = dataset.imageIdOf(file);
        const number = page ?? frame;
        const imageId = number === undefined ? fileId : `${fileId}-${number}`;
        const lines = detections.flatMap(detection => {
          const categoryId = dataset.categoryIdOf(detection);
          return categoryId === undefined ? [] : [JSON.stringify(toCocoResult(detection, imageId, categoryId))];
        });
        if (lines.length === 0) return [];
        const before = separator;
        separator = ',\n';
        return textPart(before + lines.join(',\n'));
      },
      end: () => textPart(separator === '[\n' ? '[]\n' : '\n]\n'),
    };
  },
};

/** Rounds far below a model's precision: to 0.001 pixels, and scores to 0.000001. */
function toCocoResult(detection: Detection, imageId: ImageId, categoryId: number): object {
  const { score, box, mask, keypoints } = detection;
  return {
    image_id: imageId,
    category_id: categoryId,
    bbox: [box.xmin, box.ymin, box.xmax - box.xmin, box.ymax - box.ymin].map(length => rounded(length, 3)),
    score: rounded(score, 6),
    ...(mask && { segmentation: mask }),
    // In annotations, the third number is the visibility; in results it is always 1.
    ...(keypoints && { keypoints: keypoints.flatMap(({ x, y }) => [rounded(x, 3), rounded(y, 3), 1]) }),
  };
}

const COCO_IDS: ReadonlyMap<string, number> = new Map([...COCO_91].map(([id, name]) => [name, id]));

function defaultIds({ labels }: ResultContext): DatasetIds {
  const isCoco = labels.size > 0 && [...labels.values()].every(name => COCO_IDS.has(name));
  return {
    imageIdOf(file) {
      const name = fileNameOf(file).replace(/(?<=.)\.[^.]*$/, '');
      return /^\d{1,15}$/.test(name) ? Number(name) : name;
    },
    categoryIdOf: ({ label, classId }) => (isCoco ? COCO_IDS.get(label) : classId),
  };
}
