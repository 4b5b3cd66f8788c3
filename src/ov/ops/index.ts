import type { Op } from '../graph.ts';
import * as activation from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import * as bitwise from './bitwise.ts';
import * as comparison from './comparison.ts';
import * as condition from './condition.ts';
import * as controlFlow from './control-flow.ts';
import * as convolution from './convolution.ts';
import * as detection from './detection.ts';
import * as gather from './gather.ts';
import * as generation from './generation.ts';
import * as image from './image.ts';
import * as infrastructure from './infrastructure.ts';
import * as logical from './logical.ts';
import * as matrix from './matrix.ts';
import * as movement from './movement.ts';
import * as normalization from './normalization.ts';
import * as pooling from './pooling.ts';
import * as quantization from './quantization.ts';
import * as reduction from './reduction.ts';
import * as sequence from './sequence.ts';
import * as shape from './shape.ts';
import * as signal from './signal.ts';
import * as slice from './slice.ts';
import * as sort from './sort.ts';
import * as sparse from './sparse.ts';
import * as type from './type.ts';

/** One module per family of OpenVINO's operation specification; `gather` and `slice` belong to `movement`. */
const families = {
  ...activation,
  ...arithmetic,
  ...bitwise,
  ...comparison,
  ...condition,
  ...controlFlow,
  ...convolution,
  ...detection,
  ...gather,
  ...generation,
  ...image,
  ...infrastructure,
  ...logical,
  ...matrix,
  ...movement,
  ...normalization,
  ...pooling,
  ...quantization,
  ...reduction,
  ...sequence,
  ...shape,
  ...signal,
  ...slice,
  ...sort,
  ...sparse,
  ...type,
};

const isOp = (value: unknown): value is Op =>
  typeof value === 'object' && value !== null && 'infer' in value && 'opset' in value;

export const OPS: readonly Op[] = Object.values(families).filter(isOp);

type OpsIn<M> = { readonly [K in keyof M as M[K] extends Op ? K : never]: M[K] };

/**
 * OpenVINO's ops by name, for `Builder.add`.
 *
 * @example
 * ```ts
 * import { convertModel, ops, type Translators } from 'decant';
 *
 * const translators: Translators = {
 *   MyRelu: (op, b) => b.add(ops.Relu, [op.input(0)]),
 * };
 * await convertModel('model.pb', { translators });
 * ```
 */
export const ops: OpsIn<typeof families> = families;

const byName = new Map(OPS.map(op => [`${op.type.toLowerCase()}@${op.opset}`, op]));

/** Ignores the case of types, as OpenVINO does. `opset` is the one that introduced the op. */
export const findOp = (type: string, opset: string): Op | undefined => byName.get(`${type.toLowerCase()}@${opset}`);
