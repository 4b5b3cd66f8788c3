import { map, message, one, optional, type RecordOf } from '../../wire/message.ts';
import type { Signature, TensorInfo } from '../model.ts';
import { findDataType } from './read-data-type.ts';
import { tensorShapeProto, toShape } from './tensor-proto.ts';

export const tensorInfo = message('TensorInfo', {
  name: one(1, 'string'),
  dtype: one(2, 'enum'),
  tensorShape: optional(3, tensorShapeProto),
});

export const signatureDef = message('SignatureDef', {
  inputs: map(1, tensorInfo),
  outputs: map(2, tensorInfo),
});

export const toSignature = ({ inputs, outputs }: RecordOf<typeof signatureDef>): Signature => ({
  inputs: toTensorInfos(inputs),
  outputs: toTensorInfos(outputs),
});

const toTensorInfos = (records: ReadonlyMap<string, RecordOf<typeof tensorInfo>>): ReadonlyMap<string, TensorInfo> =>
  new Map(
    [...records].map(([key, { name, dtype, tensorShape }]) => [
      key,
      { tensor: name, dtype: findDataType(dtype), shape: tensorShape && toShape(tensorShape) },
    ]),
  );
