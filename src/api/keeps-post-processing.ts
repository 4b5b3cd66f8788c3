import type { PostProcessingOptions } from './post-processing-options.ts';

/** Whether a model keeps its own post-processing. */
export const keepsPostProcessing = (options: PostProcessingOptions): boolean =>
  [options.scoreThreshold, options.iouThreshold, options.maxDetections, options.keepClasses].every(
    option => option === undefined,
  );
