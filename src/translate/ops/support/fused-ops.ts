import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add } from '../../../ov/ops/arithmetic.ts';
import { reshape } from '../../../ov/shorthand.ts';
import { isChannelsLast } from '../../channel-order.ts';
import type { TfOp } from '../../tf-op.ts';
import { fusedActivation } from '../activation.ts';
import { batchNormalization } from '../normalization.ts';

export function addBias(b: Builder, x: Value, bias: Value, format: string): Value {
  if (isChannelsLast(format)) return b.add(Add, [x, bias]);
  const ones = new Array<number>(Math.max(x.shape.length - 2, 0)).fill(1);
  return b.add(Add, [x, ones.length === 0 ? bias : reshape(b, bias, -1, ...ones)]);
}

/** Grappler fuses at most a bias, an addition and an activation; each becomes a node or several. */
const MAX_FUSED = 16;

const FUSED_INPUTS: Readonly<Record<string, number>> = { BiasAdd: 1, FusedBatchNorm: 4, Prelu: 1 };

/** `fused_ops`, attached by Grappler, consume the inputs from 2 on in order. */
export function applyFusedOps(op: TfOp, b: Builder, x: Value, format: string): Value {
  const args = op.inputs.slice(2);
  const steps = op.strings('fused_ops', []);
  if (steps.length > MAX_FUSED) {
    throw new DecantError('limit', `${op.type} has ${steps.length} fused_ops, the maximum is ${MAX_FUSED}`, {
      remedy: 'Export the model again: the file is damaged.',
    });
  }
  const needed = steps.reduce((sum, step) => sum + (FUSED_INPUTS[step] ?? 0), 0);
  if (args.length < needed) {
    throw new DecantError('malformed', `${op.type} has ${op.inputs.length} inputs, but needs ${2 + needed}`);
  }
  return steps.reduce((value, step) => {
    if (step === 'BiasAdd') return addBias(b, value, args.shift()!, format);
    if (step === 'FusedBatchNorm') {
      return batchNormalization(b, value, args.splice(0, 4), op.float('epsilon', 0), format);
    }
    return fusedActivation(b, step, value, op, args);
  }, x);
}
