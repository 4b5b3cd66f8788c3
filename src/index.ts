export { convertModel } from './api/convert-model.ts';
export type { ConvertModelOptions } from './api/convert-model-options.ts';
export type { ConvertedModel } from './api/convert-source.ts';
export type { PostProcessingOptions } from './api/post-processing-options.ts';
export type { CacheableOptions } from './api/model-cache.ts';
export type { FrozenValue } from './tf/frozen-value.ts';
export type { InputSize, InputSpec, SizeRange } from './tf/input-spec.ts';
export type { RtInfo } from './ov/ir/ir.ts';
export { preprocess } from './api/preprocess-model.ts';
export type { InputSteps, Margins, OutputSteps, Preprocessing } from './preprocess/steps.ts';
export { saveModel, type SavableModel, type SavedModel } from './api/save-model.ts';
export { quantizeModel } from './api/quantize-model.ts';
export type { QuantizedModel } from './api/quantized-model.ts';
export type { CalibrationInput, InputTensors } from './api/calibration-set.ts';
export type { QuantizeOptions, QuantizeProgress } from './api/quantize-options.ts';
export type { Kernels } from './quantize/count-kernels.ts';
export type { KeptLayer, QuantizedLayer } from './quantize/quantize-graph.ts';
export type { DetectionOutcome, DetectionResult } from './api/detection-result.ts';
export { Detector } from './api/detector.ts';
export type { DetectAllOptions, DetectOptions, DetectorOptions } from './api/detector-options.ts';
export { benchmarkModel } from './benchmark/benchmark-model.ts';
export type { InputShapes } from './api/input-shapes.ts';
export type { BenchmarkOptions } from './benchmark/benchmark-options.ts';
export type { BenchmarkResult, Latency } from './benchmark/benchmark-result.ts';
export type { LazyImage, ImageInput } from './image/open-image.ts';
export type { Timings } from './detect/detect-image.ts';
export type {
  AnchorGrid,
  BoxesDescription,
  HeadDescription,
  InputDescription,
  NmsDescription,
  OutputsDescription,
} from './detect/heads/head-description.ts';
export type { HeadChoice } from './detect/heads/find-head.ts';
export type { Tensors } from './detect/heads/port.ts';
export type { AnyIterable } from './pipeline/map-ahead.ts';

export { readImage } from './image/read-image.ts';
export { type Image, type TensorLayout, type PixelType, type Size, toTensor } from './image/image.ts';
export { resize, type ResizeOptions } from './image/resize.ts';
export { annotate, drawDetections, type DrawOptions } from './draw/draw-detections.ts';
export type { ImageFormat } from './image/encode-image.ts';
export type { FrameTracks } from './track/frame-tracks.ts';
export { type Crossing, type RegionCount, RegionCounter } from './track/region-counter.ts';
export type { Point, Region } from './track/regions.ts';
export { type Trace, Tracker, type TrackerOptions } from './track/tracker.ts';
export { probeVideo, type VideoInfo } from './video/probe-video.ts';
export { readVideo, type ReadVideoOptions, type VideoFrame } from './video/read-video.ts';
export { VideoWriter, type VideoWriterOptions } from './video/video-writer.ts';
export type { Box } from './image/geometry.ts';
export type { Detection, Selection } from './detect/detection.ts';
export type { Keypoint } from './detect/keypoint.ts';
export type { Mask } from './detect/mask.ts';
export type { Tiles } from './detect/tiles.ts';
export { COCO_80, COCO_91 } from './labels/coco.ts';
export { type Labels, labelOf } from './labels/labels.ts';
export { parseLabels } from './labels/parse-labels.ts';

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
export type { ModelSource, WeightParts } from './runtime/read-call.ts';
export type { ProfilingInfo } from './runtime/profiling-info.ts';
export type { CompiledModel } from './runtime/compiled-model.ts';
export type { InferOptions, InferRequest, Inputs, InputValue, Outputs } from './runtime/infer-request.ts';
export type { Output } from './runtime/output.ts';
export { type Dimension, PartialShape } from './runtime/partial-shape.ts';
export { Tensor } from './runtime/tensor.ts';
export type { Config } from './runtime/config.ts';
export { setupOpenVino, type SetupOptions, type SetupProgress } from './openvino/setup.ts';
export { locateOpenVino, type LocationReport, type SearchedLocation } from './openvino/location.ts';

export { ops } from './ov/ops/index.ts';
export type { Builder } from './ov/builder.ts';
export type { Value } from './ov/graph.ts';
export type { Operand } from './translate/operand.ts';
export type { TfOp } from './translate/tf-op.ts';
export type { Translator, Translators } from './translate/translator.ts';

export { downloadModel, type DownloadedModel } from './download/download-model.ts';
export type { DownloadOptions, DownloadProgress } from './download/options.ts';
export { openModel } from './download/open-model.ts';
export { memorySource } from './source/memory-source.ts';
export type { OpenFile, Source } from './source/source.ts';
export { DecantError, type ErrorCode, type ErrorDetails } from './errors.ts';
export type { Dim, Shape } from './tensor/dim.ts';
export type { ElementType, TypedArray } from './tensor/element-type.ts';
export { VERSION } from './version.ts';
