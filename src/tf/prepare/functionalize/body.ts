import { DecantError } from '../../../errors.ts';
import type { InferenceFunction } from '../../inference-graph.ts';
import type { AttrValue, TfAttrs, TfGraph, TfNode } from '../../model.ts';
import { nodeOf, outputIndexOf, outputName } from '../../tensor-name.ts';
import { reachable, topologicalOrder } from '../prune.ts';
import { type Conditional, conditionalOf, groupConditionals, VALUE_INDICES } from './branches.ts';
import { Contexts, frameContext, MAX_NESTING, otherBranch } from './contexts.ts';
import { asNodeName, dataAt, dataOf, flowOp, MAX_CHAIN, notFunctionalizable } from './flow-ops.ts';
import { conditionOf, findLoops, type Loop, type LoopPlaces, type LoopVariable } from './loops.ts';

/** Nodes that both branches of a conditional use are duplicated, so nesting may grow the graph exponentially. */
const MAX_NODES = 2_000_000;

/** For a tensor from outside a body, the argument that carries it in, and the outer tensor; undefined for inner tensors. */
type Boundary = (tensor: string) => { readonly argument: string; readonly outer: string } | undefined;

interface Region {
  readonly nodes: ReadonlySet<string>;
  readonly args: ReadonlyMap<string, string>;
}

type ExpandedConditional = Conditional & Region;

type Source =
  | { readonly kind: 'argument'; readonly tensor: string }
  | { readonly kind: 'node'; readonly tensor: string; readonly node: TfNode }
  | { readonly kind: 'loop'; readonly tensor: string; readonly loop: Loop }
  | { readonly kind: 'conditional'; readonly tensor: string; readonly conditional: Conditional };

type Part = Pick<InferenceFunction, 'graph' | 'outputs'>;

/** Replaces frames and merges by While and If; returns the pruned body, then the bodies of the While and If nodes. */
export function functionalizeBody(body: InferenceFunction): readonly [InferenceFunction, ...InferenceFunction[]] {
  const needed = reachable(body);
  if (![...needed.graph.values()].some(node => flowOp(node) !== undefined)) return [needed];
  // Unpruned: control dependencies determine the contexts of the needed nodes.
  const functionalizer = new BodyFunctionalizer(body);
  return [functionalizer.run(), ...functionalizer.bodies];
}

/** Walks backwards from the outputs; loops and conditionals collapse to one node each, so the walk is acyclic. */
class BodyFunctionalizer {
  readonly bodies: InferenceFunction[] = [];
  readonly #body: InferenceFunction;
  readonly #graph: TfGraph;
  readonly #places: LoopPlaces;
  readonly #contexts: Contexts;
  readonly #needed: Region;
  #count = 0;

  constructor(body: InferenceFunction) {
    this.#body = body;
    this.#graph = new Map([...body.graph, ...VALUE_INDICES.map(node => [node.name, node] as const)]);
    this.#places = findLoops(this.#graph);
    this.#contexts = new Contexts(this.#graph, this.#places, body.outputs);
    this.#needed = this.#regionOf(body.outputs, this.#bodyInputs);
  }

  run(): InferenceFunction {
    const { graph, outputs } = this.#functionalize(this.#body.outputs, this.#bodyInputs, 0);
    const inputs = [...this.#needed.args.keys()].flatMap(tensor => this.#graph.get(nodeOf(tensor)) ?? []);
    return { ...this.#body, graph: new Map([...graphOf(inputs), ...graph]), outputs };
  }

  #functionalize(outputs: readonly string[], boundary: Boundary, depth: number): Part {
    if (depth > MAX_NESTING) {
      throw new DecantError('limit', `loops and branches nest deeper than ${MAX_NESTING} levels`);
    }
    const resolve = (tensor: string): string => this.#sourceOf(tensor, boundary).tensor;
    const nodes = new Map<string, TfNode>();
    const args = new Set<string>();
    const conditionals = new Map<string, ExpandedConditional>();
    const waiting = [...outputs];
    const add = (node: TfNode): void => {
      if (++this.#count > MAX_NODES) {
        throw new DecantError('limit', `the graph exceeds ${MAX_NODES} nodes once its control flow is functionalized`);
      }
      nodes.set(node.name, { ...node, inputs: node.inputs.map(resolve) });
      waiting.push(...node.inputs);
    };
    for (const tensor of waiting) {
      const source = this.#sourceOf(tensor, boundary);
      const name = nodeOf(source.tensor);
      if (source.kind === 'argument') args.add(name);
      else if (nodes.has(name)) continue;
      else if (source.kind === 'node') add({ ...source.node, inputs: dataOf(source.node) });
      else if (source.kind === 'loop') add(this.#whileOf(source.loop, depth));
      else {
        const conditional = this.#expand(source.conditional);
        conditionals.set(name, conditional);
        add(ifOf([conditional]));
      }
    }
    const order = topologicalOrder(nodes, outputs.map(resolve).map(nodeOf), args);
    const groups = groupConditionals(order, conditionals);
    const grouped = new Map(
      groups.flatMap(group => group.map(({ name }, k) => [name, outputName(group[0]!.name, k)] as const)),
    );
    const rename = (tensor: string): string => grouped.get(tensor) ?? tensor;
    const kept = order.filter(({ name }) => !conditionals.has(name));
    const ifs = groups.map(group => {
      const node = ifOf(group);
      return { ...node, inputs: node.inputs.map(resolve), attrs: this.#branchesOf(group, depth) };
    });
    return {
      graph: graphOf([...kept, ...ifs].map(node => ({ ...node, inputs: node.inputs.map(rename) }))),
      outputs: outputs.map(resolve).map(rename),
    };
  }

  #sourceOf(tensor: string, boundary: Boundary): Source {
    let current = tensor;
    for (let steps = 0; steps < MAX_CHAIN; steps++) {
      const outside = boundary(current);
      if (outside !== undefined) return { kind: 'argument', tensor: outside.argument };
      const node = this.#graph.get(nodeOf(current));
      if (node === undefined) throw new DecantError('malformed', `tensor '${current}' is not in the graph`);
      const place = this.#places.get(node.name);
      switch (flowOp(node)) {
        case undefined:
          return { kind: 'node', tensor: current, node };
        case 'Merge': {
          if (place !== undefined) {
            throw notFunctionalizable(node.name, `a value leaves frame '${place.loop.frame}' without an Exit`);
          }
          const conditional = conditionalOf(current, node, this.#contexts);
          return { kind: 'conditional', tensor: conditional.name, conditional };
        }
        case 'Switch':
          if (place !== undefined && outputIndexOf(current) === 0) {
            const index = this.#variablesOf(place.loop).indexOf(place.variable);
            return { kind: 'loop', tensor: outputName(conditionOf(place.loop), index), loop: place.loop };
          }
          current = dataAt(node, 0);
          break;
        default:
          current = dataAt(node, 0);
      }
    }
    throw notFunctionalizable(nodeOf(tensor), 'its value depends on itself');
  }

  #variablesOf({ variables }: Loop): readonly LoopVariable[] {
    return variables.filter(({ merge }) => this.#needed.nodes.has(merge));
  }

  #whileOf(loop: Loop, depth: number): TfNode {
    const name = conditionOf(loop);
    const condition = dataAt(this.#graph.get(name)!, 0);
    const variables = this.#variablesOf(loop);
    const nexts = variables.map(({ next }) => next);
    const boundary = this.#loopBoundary(loop);
    const start = new Map(variables.map(({ merge, enter }) => [merge, enter]));
    const { args } = this.#regionOf([condition, ...nexts], boundary);
    const invariants = [...args.keys()].filter(argument => !start.has(argument));
    const inputs = [...start.keys(), ...invariants];
    const iteration = this.#functionalize(nexts, boundary, depth + 1);
    return {
      name,
      op: 'StatelessWhile',
      inputs: [...start.values(), ...invariants.map(argument => args.get(argument)!)],
      attrs: new Map([
        this.#addBody(name, 'cond', inputs, this.#functionalize([condition], boundary, depth + 1)),
        this.#addBody(name, 'body', inputs, { ...iteration, outputs: [...iteration.outputs, ...invariants] }),
      ]),
    };
  }

  #branchesOf(conditionals: readonly ExpandedConditional[], depth: number): TfAttrs {
    const { name, predicate } = conditionals[0]!;
    const inputs = [...argumentsOf(conditionals).keys()];
    const then = conditionals.map(conditional => conditional.then);
    const otherwise = conditionals.map(conditional => conditional.otherwise);
    return new Map([
      this.#addBody(name, 'then_branch', inputs, this.#functionalize(then, this.#branchBoundary(predicate), depth + 1)),
      this.#addBody(
        name,
        'else_branch',
        inputs,
        this.#functionalize(otherwise, this.#branchBoundary(otherBranch(predicate)), depth + 1),
      ),
    ]);
  }

  #addBody(node: string, attr: string, inputs: readonly string[], part: Part): readonly [string, AttrValue] {
    const name = [this.#body.name, node, attr].filter(part => part !== '').join('/');
    this.bodies.push({ name, inputs, ...part });
    return [attr, { kind: 'func', value: { name, attrs: new Map() } }];
  }

  #expand(conditional: Conditional): ExpandedConditional {
    const { predicate } = conditional;
    const then = this.#regionOf([conditional.then], this.#branchBoundary(predicate));
    const otherwise = this.#regionOf([conditional.otherwise], this.#branchBoundary(otherBranch(predicate)));
    return {
      ...conditional,
      nodes: new Set([...then.nodes, ...otherwise.nodes]),
      args: new Map([...then.args, ...otherwise.args]),
    };
  }

  #regionOf(outputs: readonly string[], boundary: Boundary): Region {
    const nodes = new Set<string>();
    const args = new Map<string, string>();
    const waiting = [...outputs];
    for (const tensor of waiting) {
      const outside = boundary(tensor);
      if (outside !== undefined) args.set(outside.argument, outside.outer);
      const node = outside === undefined ? this.#graph.get(nodeOf(tensor)) : undefined;
      if (node === undefined || nodes.has(node.name)) continue;
      nodes.add(node.name);
      waiting.push(...this.#dependenciesOf(node));
    }
    return { nodes, args };
  }

  #dependenciesOf(node: TfNode): readonly string[] {
    const op = flowOp(node);
    if (op === 'Switch') return [dataAt(node, 0)];
    if (op !== 'Merge') return dataOf(node);
    const place = this.#places.get(node.name);
    if (place !== undefined) return [place.variable.enter, place.variable.next, ...place.loop.conditions];
    const { predicate, then, otherwise } = conditionalOf(node.name, node, this.#contexts);
    return [predicate, then, otherwise];
  }

  readonly #bodyInputs: Boundary = tensor =>
    this.#body.inputs.includes(nodeOf(tensor)) ? { argument: tensor, outer: tensor } : undefined;

  #loopBoundary(loop: Loop): Boundary {
    return tensor => {
      const place = this.#places.get(nodeOf(tensor));
      if (place?.loop === loop) return { argument: place.variable.merge, outer: place.variable.enter };
      return this.#unlessInside(frameContext(loop.frame), tensor);
    };
  }

  #branchBoundary(branch: string): Boundary {
    return tensor => this.#unlessInside(branch, tensor);
  }

  /** Constants count as inside of every context, so that each body has its own copy. */
  #unlessInside(part: string, tensor: string): ReturnType<Boundary> {
    if (this.#graph.get(nodeOf(tensor))?.op === 'Const' || this.#contexts.of(tensor).has(part)) return undefined;
    return { argument: asNodeName(tensor), outer: tensor };
  }
}

const argumentsOf = (conditionals: readonly ExpandedConditional[]): ReadonlyMap<string, string> =>
  new Map(conditionals.flatMap(({ args }) => [...args]));

const ifOf = (conditionals: readonly ExpandedConditional[]): TfNode => ({
  name: conditionals[0]!.name,
  op: 'StatelessIf',
  inputs: [conditionals[0]!.predicate, ...argumentsOf(conditionals).values()],
  attrs: new Map(),
});

const graphOf = (nodes: readonly TfNode[]): TfGraph => new Map(nodes.map(node => [node.name, node]));
