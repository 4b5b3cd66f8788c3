export { convertBytes, type ConvertBytesOptions, type ConvertedBytes } from './api/convert-bytes.ts';
export type { ModelBytes } from './api/open-model-bytes.ts';
export type { ConvertModelOptions } from './api/convert-model-options.ts';
export type { InputShapes } from './api/input-shapes.ts';
export type { Bytes } from './source/bytes.ts';
export type { ConversionStep } from './convert.ts';
export { DecantError, type ErrorCode, type ErrorDetails } from './errors.ts';
export { VERSION } from './version.ts';
