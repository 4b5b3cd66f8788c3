import { DecantError } from '../../errors.ts';
import type { Output } from '../../runtime/output.ts';
import { bodyOf, type ErrorBody } from '../error-body.ts';
import type { RtInfo } from '../../ov/ir/ir.ts';
import type { ModelState, ServedModel } from './served-model.ts';

export interface PortInformation {
  readonly name: string;
  readonly type: string;
  /** -1 for dynamic sizes; undefined if the rank is dynamic. */
  readonly shape: readonly number[] | undefined;
}

/** What the server tells about a model; the second half only if it is loaded. */
export interface ModelInformation {
  readonly name: string;
  readonly version: string;
  readonly state: ModelState;
  /** What is being done to load or reload it. */
  readonly step: string | undefined;
  /** Why it could not be loaded or reloaded. */
  readonly problem: ErrorBody | undefined;
  /** The device that was asked for, such as `AUTO`. */
  readonly requestedDevice: string;
  /** The devices that it runs on. */
  readonly device?: string;
  /** The output convention; undefined if it is not a detector. */
  readonly kind?: string | undefined;
  readonly requests?: number;
  readonly batch?: number;
  readonly inputs?: readonly PortInformation[];
  readonly outputs?: readonly PortInformation[];
  readonly labels?: readonly { readonly id: number; readonly name: string }[];
  readonly notes?: readonly string[];
  /** Milliseconds; undefined if it was not converted. */
  readonly converted?: number | undefined;
  readonly rtInfo?: RtInfo;
}

export function modelInformation(served: ServedModel): ModelInformation {
  const { name, version, state, step, problem, device: requestedDevice, loaded } = served;
  const base = { name, version, state, step, problem: problem && bodyOf(problem), requestedDevice };
  if (loaded === undefined) return base;
  return {
    ...base,
    device: loaded.device,
    kind: loaded.head instanceof DecantError ? undefined : loaded.head.name,
    requests: loaded.pool.size,
    batch: loaded.pool.maxBatch,
    inputs: loaded.compiled.inputs.map(portInformation),
    outputs: loaded.compiled.outputs.map(portInformation),
    labels: [...loaded.labels].map(([id, label]) => ({ id, name: label })),
    notes: loaded.notes,
    converted: loaded.converted,
    rtInfo: loaded.rtInfo,
  };
}

export const portInformation = (port: Output): PortInformation => ({
  name: port.anyName,
  type: port.elementType,
  shape: port.getPartialShape().dimensions?.map(size => (typeof size === 'number' ? size : -1)),
});
