export { convertModel, type ConvertedModel, type ConvertModelOptions } from './convert-model.ts';
export type { CacheableOptions } from './model-cache.ts';
export type { InputSize, InputSpec, SizeRange } from './tf/input-spec.ts';
export type { RtInfo } from './ov/ir/ir.ts';
export { preprocess } from './preprocess-model.ts';
export type { InputSteps, Margins, OutputSteps, Preprocessing } from './preprocess/steps.ts';
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
export type { Timings } from './detect/detect-image.ts';
export type { Tensors } from './detect/heads/head.ts';
export type { AnyIterable } from './pipeline/map-ahead.ts';

export { readImage } from './detect/read-image.ts';
export { type Image, type Layout, type PixelType, type Size, toTensor } from './detect/image.ts';
export { resize, type ResizeOptions } from './detect/resize.ts';
export { annotate, drawDetections, type DrawOptions } from './detect/draw-detections.ts';
export type { PictureFormat } from './detect/encode-picture.ts';
export { probeVideo, type VideoInfo } from './video/probe-video.ts';
export { readVideo, type ReadVideoOptions, type VideoFrame } from './video/read-video.ts';
export { VideoWriter, type VideoWriterOptions } from './video/video-writer.ts';
export type { Box, Detection, Selection } from './detect/detection.ts';
export type { Keypoint } from './detect/keypoint.ts';
export type { Mask } from './detect/mask.ts';
export type { Tiles } from './detect/tiles.ts';
export { COCO_80, COCO_91 } from './detect/coco.ts';
export { type Labels, labelOf } from './detect/labels.ts';
export { parseLabels } from './detect/parse-labels.ts';

export { formatResults, RESULT_FORMATS, resultWriter } from './results/result-formats.ts';
export type {
  DatasetIds,
  ImageId,
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
export type { CocoStats, Curves } from './eval/stats.ts';
export type { EncodedMask, Polygon, Segmentation } from './eval/segmentation.ts';
export type {
  BoxLengths,
  CocoAnnotation,
  CocoCategory,
  CocoDataset,
  CocoImage,
  CocoResult,
} from './eval/coco-dataset.ts';

export { Core, type CoreOptions, type Version } from './runtime/core.ts';
export type { Model, ShapeOption } from './runtime/model.ts';
export type { ModelSource } from './runtime/read-call.ts';
export type { ProfilingInfo } from './runtime/profiling-info.ts';
export type { CompiledModel } from './runtime/compiled-model.ts';
export type { InferOptions, InferRequest, Inputs, InputValue, Outputs } from './runtime/infer-request.ts';
export type { Output } from './runtime/output.ts';
export { type Dimension, PartialShape } from './runtime/partial-shape.ts';
export { Tensor } from './runtime/tensor.ts';
export type { Config } from './runtime/config.ts';
export { setupOpenVino, type SetupOptions, type SetupProgress } from './platform/setup.ts';
export { locateOpenVino, type LocationReport, type Looked } from './platform/openvino-location.ts';

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
export type { OpenFile, Source } from './source/source.ts';
export { DecantError, type ErrorCode, type ErrorDetails } from './errors.ts';
export type { Dim, Shape } from './tensor/dim.ts';
export type { ElementType, TypedArray } from './tensor/element-type.ts';
export { VERSION } from './version.ts';
