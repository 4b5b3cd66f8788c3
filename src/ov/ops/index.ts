import type { Op } from '../graph.ts';
import * as bitwise from './bitwise.ts';
import * as color from './color.ts';
import * as controlFlow from './control-flow.ts';
import * as convolution from './convolution.ts';
import * as elementwise from './elementwise.ts';
import * as expand from './expand.ts';
import * as featureMaps from './feature-maps.ts';
import * as gather from './gather.ts';
import * as graphEnds from './graph-ends.ts';
import * as join from './join.ts';
import * as matmul from './matmul.ts';
import * as pooling from './pooling.ts';
import * as reduce from './reduce.ts';
import * as reshape from './reshape.ts';
import * as select from './select.ts';
import * as slice from './slice.ts';
import * as unary from './unary.ts';

const families = {
  ...graphEnds,
  ...elementwise,
  ...bitwise,
  ...unary,
  ...reduce,
  ...reshape,
  ...expand,
  ...join,
  ...slice,
  ...gather,
  ...select,
  ...convolution,
  ...pooling,
  ...matmul,
  ...featureMaps,
  ...color,
  ...controlFlow,
};

const isOp = (value: unknown): value is Op =>
  typeof value === 'object' && value !== null && 'infer' in value && 'opset' in value;

/** Every OpenVINO op that decant knows. */
export const OPS: readonly Op[] = Object.values(families).filter(isOp);

/** The ops of several modules, without what else they export. */
type OpsIn<M> = { readonly [K in keyof M as M[K] extends Op ? K : never]: M[K] };

/** OpenVINO's ops by their names, as `Builder.add` takes them. */
export const ops: OpsIn<typeof families> = families;

const byName = new Map(OPS.map(op => [`${op.type.toLowerCase()}@${op.opset}`, op]));

/** The op of a type (in any case, as OpenVINO reads it) as one opset introduced it. */
export const findOp = (type: string, opset: string): Op | undefined => byName.get(`${type.toLowerCase()}@${opset}`);
