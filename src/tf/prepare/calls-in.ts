import type { AttrValue, TfFunctionCall, TfGraph } from '../model.ts';

export function* callsIn(graph: TfGraph): Generator<TfFunctionCall> {
  for (const { attrs } of graph.values()) {
    for (const attr of attrs.values()) yield* callsInAttr(attr);
  }
}

function* callsInAttr(attr: AttrValue): Generator<TfFunctionCall> {
  if (attr.kind === 'func' && attr.value.name !== '') yield attr.value;
  if (attr.kind === 'list') for (const item of attr.value) yield* callsInAttr(item);
}
