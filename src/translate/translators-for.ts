import { partTypeOf } from '../tf/data-type.ts';
import { type InferenceGraph, nodesOf } from '../tf/inference-graph.ts';
import type { TfNode } from '../tf/model.ts';
import { COMMON_TRANSLATORS } from './common-translators.ts';
import type { Translators } from './translator.ts';
import { withMissing } from './with-missing.ts';

export interface TranslatorTables {
  readonly table: Translators;
  /** The translators of nodes with a complex input, where they differ. */
  readonly complex: Translators;
}

/** Returns the translators for a model. Those of rare ops are loaded only for a model that has one. */
export async function translatorsFor(model: InferenceGraph, custom: Translators): Promise<TranslatorTables> {
  const nodes = nodesOf(model);
  if (!nodes.some(isComplexNode)) {
    let known = custom;
    for (const load of TIERS) {
      const table = (known = { ...(await load()), ...known });
      if (nodes.every(({ op }) => Object.hasOwn(table, op))) return { table, complex: {} };
    }
  }
  const [{ TRANSLATORS }, { lite }, { COMPLEX }] = await Promise.all([
    import('./translators.ts'),
    import('./lite.ts'),
    import('./complex.ts'),
  ]);
  return { table: withMissing(model, { ...TRANSLATORS, ...lite, ...custom }), complex: { ...COMPLEX, ...custom } };
}

/** Tables from the most to the least common ops. */
const TIERS: readonly (() => Translators | Promise<Translators>)[] = [
  () => COMMON_TRANSLATORS,
  async () => (await import('./selection-translators.ts')).SELECTION_TRANSLATORS,
  async () => (await import('./flow-translators.ts')).FLOW_TRANSLATORS,
];

const isComplexNode = ({ attrs }: TfNode): boolean =>
  [...attrs.values()].some(attr => attr.kind === 'type' && partTypeOf(attr.value) !== undefined);
