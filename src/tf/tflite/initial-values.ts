import type { TfTensor } from '../model.ts';
import { callOnceOptions, variableKey, varHandleOptions } from './control-options.ts';
import type { LiteTensor } from './lite-tensor.ts';
import { opName } from './op-name.ts';
import { type LiteModel, optionsOf } from './schema.ts';

/**
 * Returns the constants that CALL_ONCE assigns to variables, or undefined for a variable that it assigns anything else to.
 *
 * @param tensorAt reads a tensor of a subgraph
 */
export function initialValues(
  model: LiteModel,
  tensorAt: (subgraph: number, index: number) => LiteTensor,
): ReadonlyMap<string, TfTensor | undefined> {
  const initializers = new Set(
    model.subgraphs.flatMap(({ operators }) =>
      operators.flatMap(op => (opName(model, op) === 'CALL_ONCE' ? [optionsOf(op, callOnceOptions).subgraph] : [])),
    ),
  );
  const values = new Map<string, TfTensor | undefined>();
  for (const index of initializers) {
    const handles = new Map<number, string>();
    for (const op of model.subgraphs[index]?.operators ?? []) {
      const name = opName(model, op);
      // What these call may assign to any variable.
      if (name === 'IF' || name === 'WHILE') return new Map();
      if (name === 'VAR_HANDLE') handles.set(op.outputs?.[0] ?? -1, variableKey(optionsOf(op, varHandleOptions)));
      if (name !== 'ASSIGN_VARIABLE') continue;
      const [handle = -1, value = -1] = op.inputs ?? [];
      const key = handles.get(handle);
      const { content, quantization } = tensorAt(index, value);
      if (key !== undefined) values.set(key, values.has(key) || quantization !== undefined ? undefined : content);
    }
  }
  return values;
}
