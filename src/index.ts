export { convertModel, type ConvertedModel, type ConvertModelOptions } from './convert-model.ts';
export { preprocess } from './preprocess-model.ts';
export type { InputSteps, OutputSteps, Preprocessing } from './preprocess/steps.ts';
export { saveModel, type SavedModel } from './save-model.ts';
export {
  type DetectAllOptions,
  type DetectionOutcome,
  type DetectionResult,
  Detector,
  type DetectOptions,
  type DetectorOptions,
} from './detector.ts';
export type { LazyPicture, PictureInput } from './detect/open-picture.ts';

export { readImage } from './detect/read-image.ts';
export { type Image, type Size, toTensor } from './detect/image.ts';
export { resize, type ResizeOptions } from './detect/resize.ts';
export { annotate, drawDetections, type DrawOptions } from './detect/draw-detections.ts';
export { probeVideo, type VideoInfo } from './video/probe-video.ts';
export { readVideo, type ReadVideoOptions, type VideoFrame } from './video/read-video.ts';
export { VideoWriter, type VideoWriterOptions } from './video/video-writer.ts';
export type { Box, Detection, Selection } from './detect/detection.ts';
export type { Tiles } from './detect/tiles.ts';
export { COCO_80, COCO_91 } from './detect/coco.ts';
export { type Labels, labelOf } from './detect/labels.ts';
export { parseLabels } from './detect/parse-labels.ts';

export { formatResults, RESULT_FORMATS, resultWriter } from './results/result-formats.ts';
export type {
  DatasetIds,
  ResultContext,
  ResultFormat,
  ResultPart,
  ResultRecord,
  ResultWriter,
} from './results/result-writer.ts';

export { evaluateCoco, type CategoryStats, type CocoEvaluation, type EvaluateOptions } from './eval/evaluate-coco.ts';
export type { IouType } from './eval/overlap.ts';
export { parseCocoDataset, parseCocoResults } from './eval/parse-coco.ts';
export { datasetIds } from './eval/dataset-ids.ts';
export type { CocoStats } from './eval/stats.ts';
export type {
  BoxLengths,
  CocoAnnotation,
  CocoCategory,
  CocoDataset,
  CocoImage,
  CocoResult,
} from './eval/coco-dataset.ts';

export { Core, type CoreOptions, type Version } from './runtime/core.ts';
export type { Model } from './runtime/model.ts';
export type { CompiledModel } from './runtime/compiled-model.ts';
export type { InferOptions, InferRequest, Inputs, Outputs } from './runtime/infer-request.ts';
export type { Output } from './runtime/output.ts';
export { PartialShape } from './runtime/partial-shape.ts';
export { Tensor } from './runtime/tensor.ts';
export type { Config } from './runtime/config.ts';
export { setupOpenVino } from './platform/setup.ts';
export { locateOpenVino, type LocationReport } from './platform/openvino-location.ts';

export { ops } from './ov/ops/index.ts';
export type { Builder } from './ov/builder.ts';
export type { Value } from './ov/graph.ts';
export type { Operand } from './translate/operand.ts';
export type { TfOp } from './translate/tf-op.ts';
export type { Translator, Translators } from './translate/translator.ts';

export {
  downloadModel,
  type DownloadedModel,
  type DownloadOptions,
  type DownloadProgress,
} from './download/download-model.ts';
export { openSource } from './open-source.ts';
export { memorySource } from './source/memory-source.ts';
export type { Source } from './source/source.ts';
export { DecantError, type ErrorCode } from './errors.ts';
export type { ElementType } from './tensor/element-type.ts';
export { VERSION } from './version.ts';
