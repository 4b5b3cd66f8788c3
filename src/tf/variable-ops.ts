export const VARIABLES: ReadonlySet<string> = new Set(['VarHandleOp', 'VariableV2', 'Variable']);

/** Names of the ops that change a variable. */
export const VARIABLE_CHANGES =
  /^(?:Assign|Resource(?!Gather)|(?:Sparse)?Apply[A-Z]|Scatter(?:Nd)?(?:Add|Sub|Mul|Div|Min|Max|Update)$)/;
