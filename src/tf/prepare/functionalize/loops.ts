import { attrString } from '../../attrs.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { nodeOf } from '../../tensor-name.ts';
import { behindIdentities, notFunctionalizable, dataOf, flowOp } from './flow-ops.ts';

/** A value that a loop carries from turn to turn, by the names of nodes. */
export interface LoopVariable {
  /** Brings the value before the first turn. */
  readonly enter: string;
  /** Holds the value while a turn runs. */
  readonly merge: string;
  /** Hands the value that a turn makes to the next one. */
  readonly next: string;
}

/** A loop of TensorFlow 1: the nodes between the Enters and the Exits of one frame. */
export interface Loop {
  readonly frame: string;
  readonly variables: readonly LoopVariable[];
  /** The LoopConds of the frame. */
  readonly conditions: ReadonlySet<string>;
}

interface LoopPlace {
  readonly loop: Loop;
  readonly variable: LoopVariable;
}

/** Loop variables by their Merges, and by the Switches behind these that end the loop or let it go on. */
export type LoopPlaces = ReadonlyMap<string, LoopPlace>;

/** The loops of a graph. Nothing is refused here: what nobody needs, as the parts for training, may be odd. */
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
    const [value, predicate] = dataOf(node).map(tensor => nodeOf(behindIdentities(graph, tensor)));
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

/** The LoopCond of a loop. @throws DecantError `unsupported` when there is none or more than one */
export function conditionOf({ frame, conditions, variables }: Loop): string {
  const [only, ...others] = conditions;
  if (only === undefined || others.length > 0) {
    throw notFunctionalizable(variables[0]!.merge, `the frame '${frame}' has ${conditions.size} conditions`);
  }
  return only;
}
