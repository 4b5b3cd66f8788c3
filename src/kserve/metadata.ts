import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { elementTypeOf, isDatatype } from './datatypes.ts';

export interface RemotePort {
  readonly name: string;
  readonly type: ElementType;
  /** Undefined sizes are dynamic. */
  readonly shape: readonly (number | undefined)[];
}

/** What a server says about a model. */
export interface RemoteMetadata {
  readonly name: string;
  readonly inputs: readonly RemotePort[];
  readonly outputs: readonly RemotePort[];
  /** Sections of the IR's `rt_info`, if the server has them, as OpenVINO Model Server and decant do. */
  readonly rtInfo: RtInfo;
}

type RtInfo = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** @throws DecantError `network` if the answer is not the metadata of a model */
export function parseMetadata(json: unknown): RemoteMetadata {
  const { name, inputs, outputs, rt_info: rtInfo } = recordOf(json);
  if (typeof name !== 'string' || !Array.isArray(inputs) || !Array.isArray(outputs)) throw strange('model metadata');
  return { name, inputs: inputs.map(portOf), outputs: outputs.map(portOf), rtInfo: rtInfoOf(rtInfo) };
}

function portOf(json: unknown): RemotePort {
  const { name, datatype, shape } = recordOf(json);
  const type = typeof datatype === 'string' && isDatatype(datatype) ? elementTypeOf(datatype) : undefined;
  if (typeof name !== 'string' || type === undefined || !Array.isArray(shape)) throw strange('model metadata');
  return { name, type, shape: shape.map(sizeOfDim) };
}

/** Sizes may be strings, as JSON made from protocol buffers writes 64-bit integers. */
function sizeOfDim(size: unknown): number | undefined {
  const number = Number(size);
  if (!Number.isSafeInteger(number)) throw strange('model metadata');
  return number < 0 ? undefined : number;
}

function rtInfoOf(json: unknown): RtInfo {
  if (typeof json !== 'object' || json === null) return {};
  const sections = Object.entries(json).flatMap(([key, value]: [string, unknown]): [string, RtInfo[string]][] => {
    if (typeof value === 'string') return [[key, value]];
    if (typeof value !== 'object' || value === null) return [];
    const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return [[key, Object.fromEntries(texts)]];
  });
  return Object.fromEntries(sections);
}

export function recordOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw strange('object');
  return json as Readonly<Record<string, unknown>>;
}

export const strange = (what: string): DecantError =>
  new DecantError('network', `the server's response is not a valid ${what} of the Open Inference Protocol`, {
    remedy: 'Check that the URL ends in /v2/models/NAME.',
  });
