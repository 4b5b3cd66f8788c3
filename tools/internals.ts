/** What tools, benchmarks and tests import of the built package besides its exports. Not published. */
export { networkHead } from '../src/api/network-head.ts';
export { readIrInfo } from '../src/api/ir-info.ts';
export { chooseDevice } from '../src/cli/choose-device.ts';
export { reportError } from '../src/cli/console.ts';
export { fetchImage } from '../src/image/fetch-image.ts';
export { findInputs } from '../src/inputs/find-inputs.ts';
export { locateOpenVino } from '../src/openvino/location.ts';
export { batchLoop } from '../src/ov/passes/batch-loop.ts';
export { COMPRESSION, PASSES } from '../src/ov/passes/index.ts';
export { winograd } from '../src/ov/passes/winograd.ts';
export { AtomicFile } from '../src/platform/atomic-file.ts';
export { bytesOf, tensorFromBytes } from '../src/tensor/tensor.ts';
export { LITE_TRANSLATORS } from '../src/tf/tflite/lite-translators.ts';
export { COMPLEX } from '../src/translate/complex.ts';
export { REFUSALS } from '../src/translate/refused.ts';
export { TRANSLATORS } from '../src/translate/translators.ts';
export { matchDetections } from '../src/verify/match-detections.ts';
