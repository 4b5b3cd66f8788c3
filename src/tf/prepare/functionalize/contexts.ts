import { DecantError } from '../../../errors.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../../tensor-name.ts';
import { flowOp, predicateOf } from './flow-ops.ts';
import { frameOf, type LoopPlaces } from './loops.ts';

/**
 * The control flow contexts of a tensor: while contexts as `@frame`, cond contexts as the predicate tensor, or
 * `!predicate` for the else branch.
 */
export type Context = ReadonlySet<string>;

export const MAX_NESTING = 64;

const NO_CONTEXT: Context = new Set();

export const frameContext = (frame: string): string => `@${frame}`;

const isBranch = (part: string): boolean => !part.startsWith('@');

export const otherBranch = (branch: string): string => (branch.startsWith('!') ? branch.slice(1) : `!${branch}`);

export const branchesOnlyIn = (context: Context, other: Context): readonly string[] =>
  [...context].filter(part => isBranch(part) && !other.has(part));

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
    const context = this.#byNode.get(nodeOf(tensor)) ?? NO_CONTEXT;
    if (node === undefined || flowOp(node) !== 'Switch' || isControl(tensor)) return context;
    const place = this.#places.get(node.name);
    const index = outputIndexOf(tensor);
    if (place === undefined) return union([context, branchAt(this.#graph, node, index)]);
    // Output 0 of a loop's Switch feeds the Exit, outside the frame.
    return index === 0 ? new Set([...context].filter(part => part !== frameContext(place.loop.frame))) : context;
  }

  #contextOf(node: TfNode): Context {
    const inputs = this.#inputsOf(node).map(input => this.of(input));
    const all = union(flowOp(node) === 'Enter' ? [...inputs, new Set([frameContext(frameOf(node))])] : inputs);
    if (all.size > MAX_NESTING) {
      throw new DecantError('limit', `'${node.name}' is nested in more than ${MAX_NESTING} loops and branches`);
    }
    if (flowOp(node) !== 'Merge' || this.#places.has(node.name)) return all;
    return new Set([...all].filter(part => !isBranch(part) || inputs.every(input => input.has(part))));
  }

  #inputsOf(node: TfNode): readonly string[] {
    const place = flowOp(node) === 'Merge' ? this.#places.get(node.name) : undefined;
    return place === undefined ? node.inputs : place.loop.variables.map(variable => variable.enter);
  }

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

function branchAt(graph: TfGraph, node: TfNode, index: number): Context {
  const { tensor, negated } = predicateOf(graph, node);
  if (flowOp(graph.get(nodeOf(tensor))) === 'LoopCond') return NO_CONTEXT;
  return new Set([(index === 0) === negated ? tensor : `!${tensor}`]);
}

/** Reuses the largest set if it contains the others, the usual case: most nodes then share a few sets. */
function union(contexts: readonly Context[]): Context {
  const largest = contexts.reduce((a, b) => (b.size > a.size ? b : a), NO_CONTEXT);
  if (contexts.every(context => context === largest || [...context].every(part => largest.has(part)))) return largest;
  return new Set(contexts.flatMap(context => [...context]));
}
