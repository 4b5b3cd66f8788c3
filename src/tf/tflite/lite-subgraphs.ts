import { DecantError, within } from '../../errors.ts';
import type { TfTensor } from '../model.ts';
import { initialValues } from './initial-values.ts';
import { liteTensor, type LiteTensor } from './lite-tensor.ts';
import type { LiteModel, Subgraph } from './schema.ts';

/** A subgraph that ops call, as a function of TensorFlow. */
export interface LiteCallee {
  /** The name of the function. */
  readonly name: string;
  readonly inputs: readonly LiteTensor[];
  readonly outputs: readonly LiteTensor[];
}

/** A subgraph that becomes a function, once for callers that assign to variables, and once for others. */
export interface LiteCall {
  readonly index: number;
  readonly assignsVariables: boolean;
}

/** The subgraphs of a model, and what they have in common. */
export class LiteSubgraphs {
  readonly model: LiteModel;
  readonly file: Uint8Array;
  /** What ops call, by the names of the functions. */
  readonly called = new Map<string, LiteCall>();
  readonly #tensors = new Map<number, readonly LiteTensor[]>();
  #initial: ReadonlyMap<string, TfTensor | undefined> | undefined;

  constructor(model: LiteModel, file: Uint8Array) {
    this.model = model;
    this.file = file;
  }

  /** @throws DecantError `malformed` if there is no such subgraph */
  at(index: number): Subgraph {
    const subgraph = this.model.subgraphs[index];
    if (subgraph === undefined) throw new DecantError('malformed', `there is no subgraph ${index}`);
    return subgraph;
  }

  tensors(index: number): readonly LiteTensor[] {
    let tensors = this.#tensors.get(index);
    if (tensors === undefined) {
      tensors = this.at(index).tensors.map((tensor, i) =>
        within(`in tensor ${i}, '${tensor.name}'`, () => liteTensor(this.model, this.file, tensor)),
      );
      this.#tensors.set(index, tensors);
    }
    return tensors;
  }

  /** @throws DecantError `malformed` if the subgraph has no such tensor */
  tensor(index: number, at: number): LiteTensor {
    const tensor = this.tensors(index)[at];
    if (tensor === undefined) throw new DecantError('malformed', `there is no tensor ${at}`);
    return tensor;
  }

  call(index: number, assignsVariables: boolean): LiteCallee {
    const { inputs = [], outputs = [] } = this.at(index);
    const name = `subgraph_${index}${assignsVariables ? '_with_state' : ''}`;
    this.called.set(name, { index, assignsVariables });
    const tensorsAt = (all: readonly number[]): readonly LiteTensor[] => all.map(at => this.tensor(index, at));
    return { name, inputs: tensorsAt(inputs), outputs: tensorsAt(outputs) };
  }

  /** The value that a variable has before the first inference: undefined if it is computed. */
  initialValue(variable: string): TfTensor | undefined {
    this.#initial ??= initialValues(this.model, (subgraph, index) => this.tensor(subgraph, index));
    return this.#initial.get(variable);
  }
}
