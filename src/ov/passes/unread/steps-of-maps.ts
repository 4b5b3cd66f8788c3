import type { Graph, Node, Value } from '../../graph.ts';
import { ALL, common, isAll, multiplied, type Steps } from './steps.ts';
import { isSinglePosition, mapInputs, windowOf } from './window.ts';

/** Returns the steps of the maps that can be computed at some positions only, because nothing reads the others. */
export function stepsOfMaps(graph: Graph, order: readonly Node[]): ReadonlyMap<Value, Steps> {
  const wanted = wantedSteps(graph, order);
  const steps = new Map<Value, Steps>();
  for (const node of order) {
    const output = node.outputs[0];
    const own = output === undefined ? undefined : wanted.get(output);
    if (own === undefined || isAll(own)) continue;
    // Leaving out positions before an elementwise op pays off only if an op before it computes fewer.
    if (windowOf(node) !== undefined || mapInputs(node).some(input => steps.has(input))) steps.set(output!, own);
  }
  return steps;
}

/** For each value, the steps that all of its readers have in common, as far as these are computed in steps. */
function wantedSteps(graph: Graph, order: readonly Node[]): ReadonlyMap<Value, Steps> {
  const wanted = new Map<Value, Steps>();
  const read = (value: Value, steps: Steps): unknown => wanted.set(value, common(wanted.get(value) ?? [0, 0], steps));
  for (const value of graph.outputs.values()) read(value, ALL);
  for (const node of [...order].reverse()) {
    const own = node.outputs.length === 1 ? (wanted.get(node.outputs[0]!) ?? ALL) : ALL;
    const window = windowOf(node);
    const maps = mapInputs(node);
    node.inputs.forEach((input, i) => {
      const isStrided = i === 0 && window !== undefined && isSinglePosition(window);
      read(input, isStrided ? multiplied(window.strides, own) : maps.includes(input) ? own : ALL);
    });
  }
  return wanted;
}
