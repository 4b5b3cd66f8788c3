import { contains, type Graph, type Op } from '../graph.ts';
import { rewrite, untilStable } from '../rewrite.ts';
import type { Change, Count } from './change.ts';
import type { Rule } from './rule.ts';

/** Keeps the results, and returns the same graph if nothing changes. */
export interface Pass {
  readonly name: string;
  readonly description: string;
  readonly changes: readonly Change[];
  run(graph: Graph, count?: Count): Graph;
}

/** A pass that changes only graphs with one of some ops that many models lack. It is loaded when a graph has one. */
export interface RarePass extends Pick<Pass, 'name'> {
  readonly ops: readonly Op[];
  load(): Promise<Pass>;
}

export const loadPass = async (pass: Pass | RarePass): Promise<Pass> => ('load' in pass ? pass.load() : pass);

/** Runs a pass; a rare one is loaded first, if the graph has one of its ops. */
export async function runPass(pass: Pass | RarePass, graph: Graph, count?: Count): Promise<Graph> {
  return 'load' in pass && !contains(graph, pass.ops) ? graph : (await loadPass(pass)).run(graph, count);
}

interface PassOptions {
  readonly repeat?: boolean;
}

/** A pass that applies to each node the first rule that changes it. */
export function pass(
  name: string,
  description: string,
  rules: readonly Rule[],
  { repeat = false }: PassOptions = {},
): Pass {
  const rulesFor = dispatcher(rules);
  const runOnce = (graph: Graph, count?: Count): Graph =>
    rewrite(graph, (node, context) => {
      for (const rule of rulesFor(node.op)) {
        const outputs = rule.rewrite(node, context);
        if (outputs === undefined) continue;
        count?.(rule.name);
        return outputs;
      }
      return undefined;
    });
  return {
    name,
    description,
    changes: rules,
    run: (graph, count) => (repeat ? untilStable(graph, current => runOnce(current, count)) : runOnce(graph, count)),
  };
}

/** A pass that runs others after it, if it changes the graph. What these do is not counted. */
export const withCleanUp = (main: Pass, others: readonly Pass[]): Pass => ({
  ...main,
  run(graph, count) {
    const changed = main.run(graph, count);
    return changed === graph ? graph : others.reduce((current, other) => other.run(current), changed);
  },
});

function dispatcher(rules: readonly Rule[]): (op: Op) => readonly Rule[] {
  const known = new WeakMap<Op, readonly Rule[]>();
  return op => {
    let own = known.get(op);
    if (own === undefined) {
      own = rules.filter(rule => rule.appliesTo(op));
      known.set(op, own);
    }
    return own;
  };
}
