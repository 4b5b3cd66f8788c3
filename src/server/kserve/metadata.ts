import type { Output } from '../../runtime/output.ts';
import type { RtInfo } from '../../ov/ir/ir.ts';
import { VERSION } from '../../version.ts';
import { portInformation } from '../models/model-information.ts';
import type { LoadedModel } from '../models/loaded-model.ts';
import { type Datatype, datatypeOf } from '../../kserve/datatypes.ts';

export const SERVER_METADATA = { name: 'decant', version: VERSION, extensions: ['binary_tensor_data'] } as const;

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  /** -1 for dynamic sizes. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** As OpenVINO Model Server: the `rt_info` of the model, with its `model_info`. */
  readonly rt_info: RtInfo;
}

export const modelMetadata = (name: string, versions: readonly string[], model: LoadedModel): ModelMetadata => ({
  name,
  versions,
  platform: 'OpenVINO',
  inputs: model.compiled.inputs.map(tensorMetadata),
  outputs: model.compiled.outputs.map(tensorMetadata),
  rt_info: model.rtInfo,
});

const tensorMetadata = (port: Output): TensorMetadata => ({
  name: port.anyName,
  datatype: datatypeOf(port.elementType),
  shape: portInformation(port).shape ?? [-1],
});
