import { ifOptions, whileOptions } from './control-options.ts';
import type { LiteSubgraphs } from './lite-subgraphs.ts';
import { opName } from './op-name.ts';
import { optionsOf } from './schema.ts';

/** Returns whether subgraphs, or those that they call, assign to variables, except to initialize them. */
export function assignsVariables(subgraphs: LiteSubgraphs, roots: readonly number[]): boolean {
  const reached = new Set(roots);
  for (const index of reached) {
    for (const op of subgraphs.at(index).operators) {
      const name = opName(subgraphs.model, op);
      if (name === 'ASSIGN_VARIABLE') return true;
      if (name === 'IF') Object.values(optionsOf(op, ifOptions)).forEach(each => reached.add(each));
      if (name === 'WHILE') Object.values(optionsOf(op, whileOptions)).forEach(each => reached.add(each));
    }
  }
  return false;
}
