import type { AttrValue, TfFunctionCall, TfNode } from '../model.ts';

/** Returns the functions that nodes pass on as attributes. */
export function callsIn(nodes: Iterable<TfNode>): readonly TfFunctionCall[] {
  const calls: TfFunctionCall[] = [];
  for (const { attrs } of nodes) {
    for (const attr of attrs.values()) addCalls(attr, calls);
  }
  return calls;
}

function addCalls(attr: AttrValue, calls: TfFunctionCall[]): void {
  if (attr.kind === 'func' && attr.value.name !== '') calls.push(attr.value);
  if (attr.kind === 'list') for (const item of attr.value) addCalls(item, calls);
}
