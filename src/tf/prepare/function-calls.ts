import { DecantError } from '../../errors.ts';
import type { InferenceFunction } from '../inference-graph.ts';
import type { AttrValue, TfFunctionCall, TfGraph } from '../model.ts';

/** Calls within calls and bodies within bodies: what nests deeper was made by no exporter. */
const DEEPEST = 100;

/** Nodes of all bodies, each counted where it is named: branches that name the next body twice double with every level. */
const MOST_NODES = 2_000_000;

/** The functions that nodes name, for a call or as a body. */
export function* callsIn(graph: TfGraph): Generator<TfFunctionCall> {
  for (const { attrs } of graph.values()) {
    for (const attr of attrs.values()) yield* callsInAttr(attr);
  }
}

function* callsInAttr(attr: AttrValue): Generator<TfFunctionCall> {
  if (attr.kind === 'func' && attr.value.name !== '') yield attr.value;
  if (attr.kind === 'list') for (const item of attr.value) yield* callsInAttr(item);
}

/**
 * A path of calls with one more.
 * @throws DecantError `unsupported` with the path for a function that calls itself, `limit`
 */
export function deeper(path: readonly string[], name: string): readonly string[] {
  const longer = [...path, name];
  if (path.includes(name)) {
    throw new DecantError('unsupported', `function ${name} calls itself: ${longer.join(' -> ')}`, {
      remedy: 'OpenVINO has no recursion: export the model with a loop in its place.',
    });
  }
  if (longer.length > DEEPEST) throw tooDeep();
  return longer;
}

const tooDeep = (): DecantError =>
  new DecantError('limit', `functions call each other more than ${DEEPEST} levels deep`);

/**
 * Bodies are put into each other when they are translated, which ends only where none comes to name itself.
 * @throws DecantError `unsupported` with the path of a recursion, `limit`
 */
export function checkNesting(bodies: ReadonlyMap<string, InferenceFunction>): void {
  const known = new Map<string, { readonly levels: number; readonly nodes: number }>();
  const measure = (name: string, path: readonly string[]): { readonly levels: number; readonly nodes: number } => {
    const longer = deeper(path, name);
    const before = known.get(name);
    if (before !== undefined) {
      if (path.length + before.levels > DEEPEST) throw tooDeep();
      return before;
    }
    let [levels, nodes] = [1, 0];
    for (const call of callsIn(bodies.get(name)?.graph ?? new Map())) {
      const inner = measure(call.name, longer);
      levels = Math.max(levels, 1 + inner.levels);
      nodes += inner.nodes;
    }
    const measured = { levels, nodes: nodes + (bodies.get(name)?.graph.size ?? 0) };
    known.set(name, measured);
    return measured;
  };
  for (const name of bodies.keys()) {
    if (measure(name, []).nodes > MOST_NODES) {
      throw new DecantError('limit', `the bodies of loops and branches have more than ${MOST_NODES} nodes together`);
    }
  }
}
