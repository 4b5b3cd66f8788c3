import type { Selection } from '../../detect/detection.ts';
import { classesIn, classIdsOf, type Labels } from '../../labels/labels.ts';
import { DecantError } from '../../errors.ts';
import type { Filters } from './schemas.ts';

/** @throws DecantError `invalid-argument` for a class that the model does not have */
export function selectionOf(filters: Filters, labels: Labels): Selection & Pick<Filters, 'threshold'> {
  const { threshold, classes, 'max-detections': maxDetections } = filters;
  // The schema lets infinity pass.
  if (maxDetections !== undefined && !Number.isSafeInteger(maxDetections)) {
    throw new DecantError('invalid-argument', 'max-detections must be a whole number');
  }
  return { threshold, maxDetections, classIds: classes === undefined ? undefined : idsOf(classes, labels) };
}

function idsOf(classes: string, labels: Labels): ReadonlySet<number> {
  try {
    return classIdsOf(labels, classesIn(classes));
  } catch (thrown) {
    if (!(thrown instanceof DecantError)) throw thrown;
    const { message, remedy } = thrown;
    throw new DecantError('invalid-argument', message, remedy === undefined ? {} : { remedy });
  }
}
