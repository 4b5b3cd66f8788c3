import { DecantError } from '../../../errors.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../../tensor-name.ts';
import { flowOp, predicateOf } from './flow-ops.ts';
import { frameOf, type LoopPlaces } from './loops.ts';

/**
 * Where a tensor has a value: inside of frames, written `@frame`, and of branches, written as the tensor that must be
 * true there, or as `!tensor` where it must be false.
 */
export type Context = ReadonlySet<string>;

/** Loops and branches within each other; no detector comes near. */
export const DEEPEST = 64;

const EVERYWHERE: Context = new Set();

export const frameContext = (frame: string): string => `@${frame}`;

const isBranch = (part: string): boolean => !part.startsWith('@');

export const opposite = (branch: string): string => (branch.startsWith('!') ? branch.slice(1) : `!${branch}`);

/** The branches that `context` is inside of and `other` is not. */
export const branchesBeyond = (context: Context, other: Context): readonly string[] =>
  [...context].filter(part => isBranch(part) && !other.has(part));

/** The contexts of all tensors that `roots` depend on, by data or control. */
export class Contexts {
  readonly #graph: TfGraph;
  readonly #places: LoopPlaces;
  readonly #byNode = new Map<string, Context>();

  constructor(graph: TfGraph, places: LoopPlaces, roots: readonly string[]) {
    this.#graph = graph;
    this.#places = places;
    for (const node of this.#inOrder(roots)) this.#byNode.set(node.name, this.#contextOf(node));
  }

  of(tensor: string): Context {
    const node = this.#graph.get(nodeOf(tensor));
    const context = this.#byNode.get(nodeOf(tensor)) ?? EVERYWHERE;
    if (node === undefined || flowOp(node) !== 'Switch' || isControl(tensor)) return context;
    const [place, index] = [this.#places.get(node.name), outputIndexOf(tensor)];
    if (place === undefined) return union([context, branchAt(this.#graph, node, index)]);
    // What leaves a loop is outside of it.
    return index === 0 ? new Set([...context].filter(part => part !== frameContext(place.loop.frame))) : context;
  }

  #contextOf(node: TfNode): Context {
    const inputs = this.#inputsOf(node).map(input => this.of(input));
    const all = union(flowOp(node) === 'Enter' ? [...inputs, new Set([frameContext(frameOf(node))])] : inputs);
    if (all.size > DEEPEST) {
      throw new DecantError('limit', `'${node.name}' is inside of more than ${DEEPEST} loops and branches`);
    }
    if (flowOp(node) !== 'Merge' || this.#places.has(node.name)) return all;
    return new Set([...all].filter(part => !isBranch(part) || inputs.every(input => input.has(part))));
  }

  /** What a node waits for. A loop starts when all its variables are there, and no turn waits for the one behind it. */
  #inputsOf(node: TfNode): readonly string[] {
    const place = flowOp(node) === 'Merge' ? this.#places.get(node.name) : undefined;
    return place === undefined ? node.inputs : place.loop.variables.map(variable => variable.enter);
  }

  /** Depth first, inputs before the nodes that wait for them; what a turn makes for the next one comes last. */
  *#inOrder(outputs: readonly string[]): Generator<TfNode> {
    const roots = [...outputs];
    const seen = new Set<string>();
    const stack: { readonly node: TfNode; readonly inputs: Iterator<string> }[] = [];
    const enter = (tensor: string): void => {
      const node = this.#graph.get(nodeOf(tensor));
      if (node === undefined || seen.has(node.name)) return;
      seen.add(node.name);
      stack.push({ node, inputs: this.#inputsOf(node).values() });
      const place = this.#places.get(node.name);
      if (place !== undefined) roots.push(place.variable.next);
    };
    for (const root of roots) {
      enter(root);
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const input = top.inputs.next();
        if (input.done !== true) {
          enter(input.value);
          continue;
        }
        stack.pop();
        yield top.node;
      }
    }
  }
}

/** The branch that an output of a Switch leads into; none where the Switch belongs to a loop. */
function branchAt(graph: TfGraph, node: TfNode, index: number): Context {
  const { tensor, negated } = predicateOf(graph, node);
  if (flowOp(graph.get(nodeOf(tensor))) === 'LoopCond') return EVERYWHERE;
  return new Set([(index === 0) === negated ? tensor : `!${tensor}`]);
}

/** One of the contexts where it holds all, as it nearly always does: most nodes then share a few. */
function union(contexts: readonly Context[]): Context {
  const largest = contexts.reduce((a, b) => (b.size > a.size ? b : a), EVERYWHERE);
  if (contexts.every(context => context === largest || [...context].every(part => largest.has(part)))) return largest;
  return new Set(contexts.flatMap(context => [...context]));
}
