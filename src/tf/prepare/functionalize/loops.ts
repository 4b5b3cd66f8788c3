import { attrString } from '../../attrs.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { originOf } from '../../origin-of.ts';
import { nodeOf } from '../../tensor-name.ts';
import { dataOf, flowOp, notFunctionalizable } from './flow-ops.ts';

export interface LoopVariable {
  readonly enter: string;
  readonly merge: string;
  readonly next: string;
}

export interface Loop {
  readonly frame: string;
  readonly variables: readonly LoopVariable[];
  readonly conditions: ReadonlySet<string>;
}

interface LoopPlace {
  readonly loop: Loop;
  readonly variable: LoopVariable;
}

export type LoopPlaces = ReadonlyMap<string, LoopPlace>;

export function findLoops(graph: TfGraph): LoopPlaces {
  const loops = new Map<string, { frame: string; variables: LoopVariable[]; conditions: Set<string> }>();
  const places = new Map<string, LoopPlace>();
  for (const merge of nodesOf(graph, 'Merge')) {
    const sources = dataOf(merge).map(tensor => graph.get(nodeOf(tensor)));
    const enter = sources.find(source => flowOp(source) === 'Enter');
    const next = sources.find(source => flowOp(source) === 'NextIteration');
    if (enter === undefined || next === undefined) continue;
    const frame = frameOf(enter);
    const loop = loops.get(frame) ?? { frame, variables: [], conditions: new Set() };
    const variable = { enter: enter.name, merge: merge.name, next: next.name };
    loop.variables.push(variable);
    loops.set(frame, loop);
    places.set(merge.name, { loop, variable });
  }
  for (const node of nodesOf(graph, 'Switch')) {
    const [value, predicate] = dataOf(node).map(tensor => originOf(graph, tensor)?.node.name);
    const place = places.get(value ?? '');
    const condition = predicate ?? '';
    if (place === undefined || flowOp(graph.get(condition)) !== 'LoopCond') continue;
    loops.get(place.loop.frame)!.conditions.add(condition);
    places.set(node.name, place);
  }
  return places;
}

const nodesOf = (graph: TfGraph, op: 'Merge' | 'Switch'): readonly TfNode[] =>
  [...graph.values()].filter(node => flowOp(node) === op);

export const frameOf = (enter: TfNode): string => attrString(enter, 'frame_name');

export function conditionOf({ frame, conditions, variables }: Loop): string {
  const [only, ...others] = conditions;
  if (only === undefined || others.length > 0) {
    throw notFunctionalizable(variables[0]!.merge, `frame '${frame}' has ${conditions.size} LoopCond nodes`);
  }
  return only;
}
