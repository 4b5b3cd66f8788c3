/** Ops whose node is a variable: by handle, or by reference as in TensorFlow 1. */
export const VARIABLES: ReadonlySet<string> = new Set(['VarHandleOp', 'VariableV2', 'Variable']);
