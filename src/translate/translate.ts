import { DecantError, within } from '../errors.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import type { ClosedModel } from '../tf/closed-model.ts';
import { elementTypeOf } from '../tf/data-type.ts';
import { isControl, nodeOf, outputIndexOf } from '../tf/tensor-name.ts';
import { type InputShapes, shapeOfInput } from './input-shapes.ts';
import { TRANSLATORS } from './table.ts';
import { TfOp } from './tf-op.ts';
import type { Translators } from './translator.ts';
import { unsupportedOps } from './unsupported.ts';

export interface TranslateOptions {
  readonly inputShapes?: InputShapes;
  /** Translators of the user's own; they come before decant's. */
  readonly translators?: Translators;
}

/** The OpenVINO graph of a closed TensorFlow model. */
export function translate(model: ClosedModel, options: TranslateOptions = {}): Graph {
  const table: Translators = { ...TRANSLATORS, ...options.translators };
  const inputs = within('reading the inputs', () => parametersOf(model, options.inputShapes ?? new Map()));
  const byNode = new Map(model.inputs.map(({ node, name }) => [node, inputs.get(name)!]));
  const nodes = [...model.graph.values()].filter(node => !byNode.has(node.name));
  const missing = unsupportedOps(nodes, table);
  if (missing !== undefined) throw missing;
  const b = new Builder();
  const values = new Map<string, readonly Value[]>([...byNode].map(([node, value]) => [node, [value]]));
  const valueOf = (tensor: string): Value => {
    const value = values.get(nodeOf(tensor))?.[outputIndexOf(tensor)];
    if (value === undefined) throw new DecantError('malformed', `there is no tensor '${tensor}'`);
    return value;
  };
  for (const node of nodes) {
    within(`translating ${node.op} '${node.name}'`, () => {
      b.origin = node.name;
      const made = table[node.op]!(new TfOp(node, node.inputs.filter(input => !isControl(input)).map(valueOf)), b);
      values.set(node.name, Array.isArray(made) ? (made as readonly Value[]) : [made as Value]);
    });
  }
  return {
    name: model.name,
    inputs,
    outputs: new Map(model.outputs.map(({ name, tensor }) => [name, valueOf(tensor)])),
  };
}

function parametersOf(model: ClosedModel, shapes: InputShapes): ReadonlyMap<string, Value> {
  const b = new Builder();
  return new Map(
    model.inputs.map(input => {
      const type = elementTypeOf(input.dtype);
      if (type === undefined) throw new DecantError('unsupported', `input '${input.name}' of type ${input.dtype}`);
      return [input.name, b.parameter(input.name, type, shapeOfInput(input, model.inputs, shapes))];
    }),
  );
}
