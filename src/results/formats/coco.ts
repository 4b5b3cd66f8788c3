import { COCO_91 } from '../../labels/coco.ts';
import type { Detection } from '../../detect/detection.ts';
import { fileNameOf } from '../image-names.ts';
import type { DatasetIds, ImageId, ResultContext, ResultFormat } from '../result-writer.ts';
import { rounded, text } from '../result-part.ts';

/**
 * COCO's format of results, which `pycocotools` loads: one array of `{image_id, category_id, bbox, score}` with boxes as
 * `[x, y, width, height]` in pixels, with `segmentation` and `keypoints` of networks that tell them.
 *
 * Without a data set, a picture's id is the number that its file's name is, as COCO's pictures are named, or else that
 * name without its ending; those of pages and frames have their number behind it. Classes have the ids of COCO's annotations where all their names are COCO's, and the model's
 * ids otherwise. Objects of classes that a data set does not have are left out.
 */
export const coco: ResultFormat = {
  name: 'coco',
  summary: "COCO's results, as pycocotools reads them; ids from --annotations",
  output: 'text',
  writer: context => {
    const dataset = context.dataset ?? idsWithout(context);
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
        return text(before + lines.join(',\n'));
      },
      end: () => text(separator === '[\n' ? '[]\n' : '\n]\n'),
    };
  },
};

/** Thousandths of a pixel and millionths of a score are far below what a network tells apart. */
function toCocoResult(detection: Detection, imageId: ImageId, categoryId: number): object {
  const { score, box, mask, keypoints } = detection;
  return {
    image_id: imageId,
    category_id: categoryId,
    bbox: [box.xmin, box.ymin, box.xmax - box.xmin, box.ymax - box.ymin].map(length => rounded(length, 3)),
    score: rounded(score, 6),
    ...(mask && { segmentation: mask }),
    // The third number of a point is its visibility in annotations, and always 1 in results.
    ...(keypoints && { keypoints: keypoints.flatMap(({ x, y }) => [rounded(x, 3), rounded(y, 3), 1]) }),
  };
}

const COCO_IDS: ReadonlyMap<string, number> = new Map([...COCO_91].map(([id, name]) => [name, id]));

function idsWithout({ labels }: ResultContext): DatasetIds {
  const isCoco = labels.size > 0 && [...labels.values()].every(name => COCO_IDS.has(name));
  return {
    imageIdOf(file) {
      const name = fileNameOf(file).replace(/(?<=.)\.[^.]*$/, '');
      return /^\d{1,15}$/.test(name) ? Number(name) : name;
    },
    categoryIdOf: ({ label, classId }) => (isCoco ? COCO_IDS.get(label) : classId),
  };
}
