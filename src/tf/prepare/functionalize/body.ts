import { DecantError } from '../../../errors.ts';
import type { InferenceFunction } from '../../inference-graph.ts';
import type { AttrValue, TfAttrs, TfGraph, TfNode } from '../../model.ts';
import { nodeOf, outputIndexOf } from '../../tensor-name.ts';
import { onlyNeeded, ordered } from '../prune.ts';
import { type Choice, choiceOf, groupChoices, INPUT_NUMBERS } from './branches.ts';
import { Contexts, DEEPEST, frameContext, opposite } from './contexts.ts';
import { asNodeName, notFunctionalizable, dataAt, dataOf, flowOp, LONGEST_CHAIN, tensorOf } from './flow-ops.ts';
import { conditionOf, findLoops, type Loop, type LoopPlaces, type LoopVariable } from './loops.ts';

/** Nodes that raising may make: what both sides of a choice need doubles with every choice around it. */
const MOST_NODES = 2_000_000;

/** Where a body ends: which argument a tensor is if it comes from around the body, and which tensor it is there. */
type Border = (tensor: string) => { readonly argument: string; readonly outer: string } | undefined;

/** What some tensors need inside of a border. */
interface Inside {
  readonly nodes: ReadonlySet<string>;
  /** The outer tensors by the arguments that they are. */
  readonly args: ReadonlyMap<string, string>;
}

type OpenChoice = Choice & Inside;

/** What makes a tensor of the raised graph, where it is called `tensor`. */
type Source =
  | { readonly kind: 'argument'; readonly tensor: string }
  | { readonly kind: 'node'; readonly tensor: string; readonly node: TfNode }
  | { readonly kind: 'loop'; readonly tensor: string; readonly loop: Loop }
  | { readonly kind: 'choice'; readonly tensor: string; readonly choice: Choice };

type Part = Pick<InferenceFunction, 'graph' | 'outputs'>;

/** The body with While and If in the place of frames and merges, and the bodies of these; only what they need. */
export function functionalizeBody(body: InferenceFunction): readonly [InferenceFunction, ...InferenceFunction[]] {
  const needed = onlyNeeded(body);
  if (![...needed.graph.values()].some(node => flowOp(node) !== undefined)) return [needed];
  // Beside what is needed there is what it waits for, which tells in which branch it is.
  const raiser = new BodyRaiser(body);
  return [raiser.raise(), ...raiser.bodies];
}

/**
 * Goes through a body from its outputs to its inputs. A loop or choice on the way becomes one node behind which the way
 * goes on; what is inside of it is a body of its own, and gone through in the same manner. So no way is a cycle.
 */
class BodyRaiser {
  /** The bodies of the loops and choices that were met. */
  readonly bodies: InferenceFunction[] = [];
  readonly #body: InferenceFunction;
  readonly #graph: TfGraph;
  readonly #places: LoopPlaces;
  readonly #contexts: Contexts;
  /** What the outputs need, and the inputs that they need. */
  readonly #needed: Inside;
  #count = 0;

  constructor(body: InferenceFunction) {
    this.#body = body;
    this.#graph = new Map([...body.graph, ...INPUT_NUMBERS.map(node => [node.name, node] as const)]);
    this.#places = findLoops(this.#graph);
    this.#contexts = new Contexts(this.#graph, this.#places, body.outputs);
    this.#needed = this.#inside(body.outputs, this.#ends);
  }

  /** The body with While and If, pruned. */
  raise(): InferenceFunction {
    const { graph, outputs } = this.#raise(this.#body.outputs, this.#ends, 0);
    const inputs = [...this.#needed.args.keys()].flatMap(tensor => this.#graph.get(nodeOf(tensor)) ?? []);
    return { ...this.#body, graph: new Map([...graphOf(inputs), ...graph]), outputs };
  }

  #raise(outputs: readonly string[], border: Border, depth: number): Part {
    if (depth > DEEPEST) throw new DecantError('limit', `loops and branches nest more than ${DEEPEST} deep`);
    const settle = (tensor: string): string => this.#sourceOf(tensor, border).tensor;
    const nodes = new Map<string, TfNode>();
    const args = new Set<string>();
    const choices = new Map<string, OpenChoice>();
    const waiting = [...outputs];
    const add = (node: TfNode): void => {
      if (++this.#count > MOST_NODES) throw new DecantError('limit', `raising makes more than ${MOST_NODES} nodes`);
      nodes.set(node.name, { ...node, inputs: node.inputs.map(settle) });
      waiting.push(...node.inputs);
    };
    for (const tensor of waiting) {
      const source = this.#sourceOf(tensor, border);
      const name = nodeOf(source.tensor);
      if (source.kind === 'argument') args.add(name);
      else if (nodes.has(name)) continue;
      else if (source.kind === 'node') add({ ...source.node, inputs: dataOf(source.node) });
      else if (source.kind === 'loop') add(this.#whileOf(source.loop, depth));
      else {
        const choice = this.#open(source.choice);
        choices.set(name, choice);
        add(ifOf([choice]));
      }
    }
    const order = ordered(nodes, outputs.map(settle).map(nodeOf), args);
    const groups = groupChoices(order, choices);
    const chosen = new Map(
      groups.flatMap(group => group.map(({ name }, k) => [name, tensorOf(group[0]!.name, k)] as const)),
    );
    const rename = (tensor: string): string => chosen.get(tensor) ?? tensor;
    const kept = order.filter(({ name }) => !choices.has(name));
    const ifs = groups.map(group => {
      const node = ifOf(group);
      return { ...node, inputs: node.inputs.map(settle), attrs: this.#branchesOf(group, depth) };
    });
    return {
      graph: graphOf([...kept, ...ifs].map(node => ({ ...node, inputs: node.inputs.map(rename) }))),
      outputs: outputs.map(settle).map(rename),
    };
  }

  /** What a tensor comes from, behind the nodes that only say where it may go. */
  #sourceOf(tensor: string, border: Border): Source {
    let current = tensor;
    for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
      const outside = border(current);
      if (outside !== undefined) return { kind: 'argument', tensor: outside.argument };
      const node = this.#graph.get(nodeOf(current));
      if (node === undefined) throw new DecantError('malformed', `there is no tensor '${current}' in the graph`);
      const place = this.#places.get(node.name);
      switch (flowOp(node)) {
        case undefined:
          return { kind: 'node', tensor: current, node };
        case 'Merge': {
          if (place !== undefined)
            throw notFunctionalizable(node.name, `its frame '${place.loop.frame}' is left without Exit`);
          const choice = choiceOf(current, node, this.#contexts);
          return { kind: 'choice', tensor: choice.name, choice };
        }
        case 'Switch':
          if (place !== undefined && outputIndexOf(current) === 0) {
            const index = this.#variablesOf(place.loop).indexOf(place.variable);
            return { kind: 'loop', tensor: tensorOf(conditionOf(place.loop), index), loop: place.loop };
          }
          current = dataAt(node, 0);
          break;
        default:
          current = dataAt(node, 0);
      }
    }
    throw notFunctionalizable(nodeOf(tensor), 'its value goes in a circle');
  }

  /** The variables of a loop that matter. */
  #variablesOf({ variables }: Loop): readonly LoopVariable[] {
    return variables.filter(({ merge }) => this.#needed.nodes.has(merge));
  }

  /** A loop as a node that has the name of its LoopCond. What does not change is a variable too, which the body returns. */
  #whileOf(loop: Loop, depth: number): TfNode {
    const name = conditionOf(loop);
    const condition = dataAt(this.#graph.get(name)!, 0);
    const variables = this.#variablesOf(loop);
    const nexts = variables.map(({ next }) => next);
    const border = this.#around(loop);
    const start = new Map(variables.map(({ merge, enter }) => [merge, enter]));
    const { args } = this.#inside([condition, ...nexts], border);
    const fixed = [...args.keys()].filter(argument => !start.has(argument));
    const inputs = [...start.keys(), ...fixed];
    const turn = this.#raise(nexts, border, depth + 1);
    return {
      name,
      op: 'StatelessWhile',
      inputs: [...start.values(), ...fixed.map(argument => args.get(argument)!)],
      attrs: new Map([
        this.#addBody(name, 'cond', inputs, this.#raise([condition], border, depth + 1)),
        this.#addBody(name, 'body', inputs, { ...turn, outputs: [...turn.outputs, ...fixed] }),
      ]),
    };
  }

  /** Both branches of choices as attributes of their If. */
  #branchesOf(choices: readonly OpenChoice[], depth: number): TfAttrs {
    const { name, predicate } = choices[0]!;
    const inputs = [...argumentsOf(choices).keys()];
    const then = choices.map(choice => choice.then);
    const otherwise = choices.map(choice => choice.otherwise);
    return new Map([
      this.#addBody(name, 'then_branch', inputs, this.#raise(then, this.#inBranch(predicate), depth + 1)),
      this.#addBody(
        name,
        'else_branch',
        inputs,
        this.#raise(otherwise, this.#inBranch(opposite(predicate)), depth + 1),
      ),
    ]);
  }

  #addBody(node: string, attr: string, inputs: readonly string[], part: Part): readonly [string, AttrValue] {
    const name = [this.#body.name, node, attr].filter(part => part !== '').join('/');
    this.bodies.push({ name, inputs, ...part });
    return [attr, { kind: 'func', value: { name, attrs: new Map() } }];
  }

  #open(choice: Choice): OpenChoice {
    const then = this.#inside([choice.then], this.#inBranch(choice.predicate));
    const otherwise = this.#inside([choice.otherwise], this.#inBranch(opposite(choice.predicate)));
    return {
      ...choice,
      nodes: new Set([...then.nodes, ...otherwise.nodes]),
      args: new Map([...then.args, ...otherwise.args]),
    };
  }

  #inside(outputs: readonly string[], border: Border): Inside {
    const nodes = new Set<string>();
    const args = new Map<string, string>();
    const waiting = [...outputs];
    for (const tensor of waiting) {
      const outside = border(tensor);
      if (outside !== undefined) args.set(outside.argument, outside.outer);
      const node = outside === undefined ? this.#graph.get(nodeOf(tensor)) : undefined;
      if (node === undefined || nodes.has(node.name)) continue;
      nodes.add(node.name);
      waiting.push(...this.#needsOf(node));
    }
    return { nodes, args };
  }

  /** The tensors of which a node's value is made. */
  #needsOf(node: TfNode): readonly string[] {
    const op = flowOp(node);
    if (op === 'Switch') return [dataAt(node, 0)];
    if (op !== 'Merge') return dataOf(node);
    const place = this.#places.get(node.name);
    if (place !== undefined) return [place.variable.enter, place.variable.next, ...place.loop.conditions];
    const { predicate, then, otherwise } = choiceOf(node.name, node, this.#contexts);
    return [predicate, then, otherwise];
  }

  readonly #ends: Border = tensor =>
    this.#body.inputs.includes(nodeOf(tensor)) ? { argument: tensor, outer: tensor } : undefined;

  /** Around the condition and the body of a loop are its variables, and all that is not in its frame. */
  #around(loop: Loop): Border {
    return tensor => {
      const place = this.#places.get(nodeOf(tensor));
      if (place?.loop === loop) return { argument: place.variable.merge, outer: place.variable.enter };
      return this.#unlessIn(frameContext(loop.frame), tensor);
    };
  }

  /** Around a branch is all that has a value outside of it. */
  #inBranch(branch: string): Border {
    return tensor => this.#unlessIn(branch, tensor);
  }

  /** Constants are inside everywhere. */
  #unlessIn(part: string, tensor: string): ReturnType<Border> {
    if (this.#graph.get(nodeOf(tensor))?.op === 'Const' || this.#contexts.of(tensor).has(part)) return undefined;
    return { argument: asNodeName(tensor), outer: tensor };
  }
}

const argumentsOf = (choices: readonly OpenChoice[]): ReadonlyMap<string, string> =>
  new Map(choices.flatMap(({ args }) => [...args]));

/** The node that makes some choices, without their branches yet. */
const ifOf = (choices: readonly OpenChoice[]): TfNode => ({
  name: choices[0]!.name,
  op: 'StatelessIf',
  inputs: [choices[0]!.predicate, ...argumentsOf(choices).values()],
  attrs: new Map(),
});

const graphOf = (nodes: readonly TfNode[]): TfGraph => new Map(nodes.map(node => [node.name, node]));
