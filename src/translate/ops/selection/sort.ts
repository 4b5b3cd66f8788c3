import type { Translators } from '../../translator.ts';
import { nonMaxSuppression } from '../support/nms.ts';

export const sort: Translators = {
  NonMaxSuppression: nonMaxSuppression,
  NonMaxSuppressionV2: nonMaxSuppression,
  NonMaxSuppressionV3: nonMaxSuppression,
  NonMaxSuppressionV4: nonMaxSuppression,
  NonMaxSuppressionV5: nonMaxSuppression,
};
