import { DecantError } from '../../errors.ts';
import type { InferenceFunction } from '../inference-graph.ts';
import type { TfFunction, TfGraph, TfNode } from '../model.ts';
import { isControl, nodeOf } from '../tensor-name.ts';
import { VARIABLE_CHANGES } from '../variable-ops.ts';
import { READS } from './freeze-variables.ts';
import { callsIn } from './calls-in.ts';

const REFERENCES = new Set(['Variable', 'VariableV2']);
const CONDITIONS = new Set(['Switch', 'RefSwitch', 'Enter', 'RefEnter']);

/** Visits of nodes in the search for what runs before a read; hostile graphs make it quadratic. */
const MAX_VISITS = 20_000_000;

/** What changes a variable: an op, or a call. `value` overwrites it; other changes depend on what it held. */
interface Change {
  readonly node: string;
  readonly op: string;
  readonly value: string | undefined;
}

/**
 * Replaces reads of a variable that run after the graph assigned to it by the assigned value. A read after any other
 * change becomes that op, which translation refuses. Needs control inputs: they order assignments and reads.
 */
export function bindAssignments(
  body: InferenceFunction,
  functions: ReadonlyMap<string, TfFunction>,
): InferenceFunction {
  const { graph } = body;
  const changedInputs = changedInputsIn(functions);
  const changing = [...graph.values()].filter(node => changedInputs(node).length > 0);
  if (changing.length === 0) return body;
  const ancestors = ancestorsIn(graph);
  const executed = body.name === '' ? ancestors(body.outputs) : graph;
  const changes = new Map<string, readonly Change[]>();
  for (const node of changing.filter(({ name }) => executed.has(name))) {
    for (const handle of changedInputs(node)) {
      const { variable, isConditional } = variableOf(graph, handle);
      const value = isConditional || !/^Assign(?:VariableOp)?$/.test(node.op) ? undefined : dataInputs(node)[1];
      const op = /^Assign|Scatter|SliceAssign/.test(node.op) ? node.op : 'AssignVariableOp';
      changes.set(variable, [...(changes.get(variable) ?? []), { node: node.name, op, value }]);
    }
  }
  const bound = new Map(graph);
  const isLoop =
    changes.size > 0 && isLoopBody(body.name, [graph, ...Array.from(functions.values(), each => each.nodes)]);
  for (const node of graph.values()) {
    node.inputs.forEach((input, index) => {
      const known = isControl(input) ? undefined : changes.get(variableOf(graph, input).variable);
      if (known === undefined || passesHandle(graph, node)) return;
      bound.set(
        node.name,
        boundRead(bound.get(node.name)!, index, known, isLoop, name => ancestors([name])),
      );
    });
  }
  return { ...body, graph: bound };
}

function boundRead(
  node: TfNode,
  index: number,
  changes: readonly Change[],
  isLoop: boolean,
  ancestors: (name: string) => ReadonlySet<string>,
): TfNode {
  if (VARIABLE_CHANGES.test(node.op)) {
    // The output of `Assign` is the variable: what was assigned, unless something else changes it.
    const value = changes.length === 1 && node.op === 'Assign' ? changes[0]?.value : undefined;
    return value === undefined || index !== 0 ? node : { ...node, op: 'Identity', inputs: [value] };
  }
  const ran = ancestors(node.name);
  const earlier = changes.filter(change => change.node !== node.name && ran.has(change.node));
  // The next iteration sees all changes.
  const [first] = isLoop && earlier.length === 0 ? changes : earlier;
  if (first === undefined) return node;
  const last = earlier.find(({ node: name }) =>
    earlier.every(other => other.node === name || ancestors(name).has(other.node)),
  );
  if (last?.value === undefined) return { ...node, op: first.op, inputs: [] };
  return { ...node, op: READS.get(node.op) ?? node.op, inputs: node.inputs.with(index, last.value) };
}

const isLoopBody = (name: string, graphs: readonly TfGraph[]): boolean =>
  graphs.some(graph =>
    [...graph.values()].some(node => {
      const body = /^(?:Stateless)?While$/.test(node.op) ? node.attrs.get('body') : undefined;
      return body?.kind === 'func' && body.value.name === name;
    }),
  );

const dataInputs = ({ inputs }: TfNode): readonly string[] => inputs.filter(input => !isControl(input));

/** Whether a node passes a variable on. Identity of a reference variable reads it. */
function passesHandle(graph: TfGraph, node: TfNode): boolean {
  if (CONDITIONS.has(node.op)) return true;
  return node.op === 'Identity' && !REFERENCES.has(graph.get(nodeOf(node.inputs[0] ?? ''))?.op ?? '');
}

function variableOf(graph: TfGraph, handle: string): { readonly variable: string; readonly isConditional: boolean } {
  const passed = new Set<string>();
  let isConditional = false;
  let name = nodeOf(handle);
  for (let node = graph.get(name); node !== undefined && passesHandle(graph, node); node = graph.get(name)) {
    if (passed.has(name)) break;
    passed.add(name);
    if (CONDITIONS.has(node.op)) isConditional = true;
    name = nodeOf(dataInputs(node)[0] ?? '');
  }
  return { variable: name, isConditional };
}

function ancestorsIn(graph: TfGraph): (tensors: readonly string[]) => ReadonlySet<string> {
  let visits = 0;
  return tensors => {
    const found = new Set<string>();
    const waiting = tensors.map(nodeOf);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (found.has(name)) continue;
      if (++visits > MAX_VISITS)
        throw new DecantError('limit', 'the graph assigns to variables too many times to be ordered');
      found.add(name);
      for (const input of graph.get(name)?.inputs ?? []) waiting.push(nodeOf(input));
    }
    return found;
  };
}

/** Returns what gives the inputs that a node changes: as an op, or in a function that it calls. */
function changedInputsIn(functions: ReadonlyMap<string, TfFunction>): (node: TfNode) => readonly string[] {
  const known = new Map<string, readonly number[]>();
  const ofFunction = (name: string): readonly number[] => {
    const body = functions.get(name);
    if (body === undefined) return [];
    if (!known.has(name)) {
      known.set(name, []);
      const changed = new Set(
        [...body.nodes.values()].flatMap(ofNode).map(input => variableOf(body.nodes, input).variable),
      );
      known.set(
        name,
        body.inputs.flatMap((argument, i) => (changed.has(argument.name) ? [i] : [])),
      );
    }
    return known.get(name)!;
  };
  const ofNode = (node: TfNode): readonly string[] => {
    const data = dataInputs(node);
    if (VARIABLE_CHANGES.test(node.op)) return data.slice(0, 1);
    const called = [node.op, ...callsIn([node]).map(({ name }) => name)];
    const offset = /^(?:Stateless)?(?:If|Case)$/.test(node.op) ? 1 : 0;
    return [...new Set(called.flatMap(ofFunction))].flatMap(i => data.slice(i + offset, i + offset + 1));
  };
  return ofNode;
}
