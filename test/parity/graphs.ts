import { toIr } from '../../src/convert.ts';
import { type Graph, topological } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import type { ModelSource } from '../../src/runtime/read-call.ts';

export function toMemory(graph: Graph): ModelSource {
  const { xml, bin } = toIr(graph);
  return { xml, bin: joinBin(bin) };
}

export function withAllOutputs(graph: Graph): Graph {
  const values = topological(graph).flatMap(node => node.outputs);
  return { ...graph, outputs: new Map(values.map((value, i) => [`value ${i}`, value])) };
}
