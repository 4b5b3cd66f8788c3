/** Variable ops: resource variables, and reference variables of TensorFlow 1. */
export const VARIABLES: ReadonlySet<string> = new Set(['VarHandleOp', 'VariableV2', 'Variable']);
