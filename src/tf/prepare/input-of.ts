import { attrShape, attrType } from '../attrs.ts';
import type { InferenceInput } from '../inference-graph.ts';
import type { TensorInfo, TfNode } from '../model.ts';

/** Returns an input that feeds a placeholder, or any other node. */
export const inputOf = (name: string, node: TfNode, info?: TensorInfo): InferenceInput => ({
  name,
  node: node.name,
  dtype: attrType(node, 'dtype', info?.dtype),
  shape: info?.shape ?? (node.attrs.has('shape') ? attrShape(node, 'shape') : undefined),
});
