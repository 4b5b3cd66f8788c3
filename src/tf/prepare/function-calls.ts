import { DecantError } from '../../errors.ts';
import type { InferenceFunction } from '../inference-graph.ts';
import { callsIn } from './calls-in.ts';

const MAX_LEVELS = 100;

/** Counts a body once for each reference, as translation does: nested references grow it exponentially. */
const MAX_NODES = 2_000_000;

export function appendCall(path: readonly string[], name: string): readonly string[] {
  const longer = [...path, name];
  if (path.includes(name)) {
    throw new DecantError('unsupported', `function ${name} calls itself: ${longer.join(' -> ')}`, {
      remedy: 'Export the model with a loop instead: OpenVINO does not support recursion.',
    });
  }
  if (longer.length > MAX_LEVELS) throw tooDeep();
  return longer;
}

const tooDeep = (): DecantError => new DecantError('limit', `function calls nest deeper than ${MAX_LEVELS} levels`);

export function checkNesting(bodies: ReadonlyMap<string, InferenceFunction>): void {
  const known = new Map<string, { readonly levels: number; readonly nodes: number }>();
  const measure = (name: string, path: readonly string[]): { readonly levels: number; readonly nodes: number } => {
    const longer = appendCall(path, name);
    const before = known.get(name);
    if (before !== undefined) {
      if (path.length + before.levels > MAX_LEVELS) throw tooDeep();
      return before;
    }
    let levels = 1;
    let nodes = 0;
    for (const call of callsIn(bodies.get(name)?.graph.values() ?? [])) {
      const inner = measure(call.name, longer);
      levels = Math.max(levels, 1 + inner.levels);
      nodes += inner.nodes;
    }
    const measured = { levels, nodes: nodes + (bodies.get(name)?.graph.size ?? 0) };
    known.set(name, measured);
    return measured;
  };
  for (const name of bodies.keys()) {
    if (measure(name, []).nodes > MAX_NODES) {
      throw new DecantError('limit', `the bodies of loops and branches have more than ${MAX_NODES} nodes in total`);
    }
  }
}
