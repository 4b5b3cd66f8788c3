import type { TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf } from '../tensor-name.ts';
import { calledBy } from './inline-calls.ts';

type IsOp = (node: TfNode) => boolean;

/** A node that uses a table, or a call of a function that does. */
interface Use {
  readonly node: TfNode;
  /** The op itself, which may be in a function that `node` calls. */
  readonly op: TfNode;
  /** The node or argument that the handle of the table comes from. */
  readonly handle: string;
}

/**
 * Finds an insert that does not come before the lookups in the same graph or function, and so changes the table for the next
 * inference. Lookups of the main graph other than `user` belong to other models.
 */
export function unorderedInsert(
  { graph, functions }: Pick<TfModel, 'graph' | 'functions'>,
  user: TfNode,
  isInsert: IsOp,
  isLookup: IsOp,
): TfNode | undefined {
  const inserts = usesIn(functions, isInsert);
  const lookups = usesIn(functions, isLookup);
  // A call in the main graph may be the initializer, which runs before inference.
  const inMain = (uses: readonly Use[]): readonly Use[] => uses.filter(({ node, op }) => node === op);
  const late = lateInsert(
    graph,
    inMain(inserts(graph)),
    inMain(lookups(graph)).filter(({ op }) => op.name === user.name),
  );
  if (late !== undefined) return late;
  for (const { nodes } of functions.values()) {
    const found = lateInsert(nodes, inserts(nodes), lookups(nodes));
    if (found !== undefined) return found;
  }
  return undefined;
}

const lateInsert = (graph: TfGraph, inserts: readonly Use[], lookups: readonly Use[]): TfNode | undefined =>
  inserts.find(insert =>
    lookups.some(
      // The order inside of a function that does both is checked there.
      ({ node, handle }) => handle === insert.handle && node !== insert.node && !dependsOn(graph, node, insert.node),
    ),
  )?.op;

function usesIn(functions: TfModel['functions'], isUse: IsOp): (graph: TfGraph) => readonly Use[] {
  const known = new Map<TfGraph, readonly Use[]>();
  const usesOf = (graph: TfGraph): readonly Use[] => {
    const found = known.get(graph);
    if (found !== undefined) return found;
    // A function that calls itself is refused elsewhere.
    known.set(graph, []);
    const uses = [...graph.values()].flatMap((node): readonly Use[] => {
      const inputs = node.inputs.filter(input => !isControl(input));
      // A table that is missing is an error when its use is translated.
      const use = (op: TfNode, table: string | undefined): readonly Use[] =>
        table === undefined ? [] : [{ node, op, handle: sourceName(graph, table) }];
      if (isUse(node)) return use(node, inputs[0]);
      const body = functions.get(calledBy(node, functions)?.name ?? '');
      if (body === undefined) return [];
      return usesOf(body.nodes).flatMap(({ op, handle }) =>
        use(op, inputs[body.inputs.findIndex(({ name }) => name === handle)]),
      );
    });
    known.set(graph, uses);
    return uses;
  };
  return usesOf;
}

/** Name of the node or argument that a tensor comes from through Identity ops. */
function sourceName(graph: TfGraph, tensor: string): string {
  const seen = new Set<string>();
  let name = nodeOf(tensor);
  for (let node = graph.get(name); node?.op === 'Identity' && !seen.has(name); node = graph.get(name)) {
    seen.add(name);
    name = nodeOf(node.inputs.find(input => !isControl(input)) ?? name);
  }
  return name;
}

function dependsOn(graph: TfGraph, node: TfNode, target: TfNode): boolean {
  const seen = new Set<TfNode>();
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const input of next.inputs) {
      const source = graph.get(nodeOf(input));
      if (source !== undefined) waiting.push(source);
    }
  }
  return seen.has(target);
}
