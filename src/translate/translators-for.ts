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
  const common = { ...COMMON_TRANSLATORS, ...custom };
  if (nodesOf(model).every(node => Object.hasOwn(common, node.op) && !isComplexNode(node))) {
    return { table: common, complex: {} };
  }
  const [{ TRANSLATORS }, { lite }, { COMPLEX }] = await Promise.all([
    import('./translators.ts'),
    import('./lite.ts'),
    import('./complex.ts'),
  ]);
  return { table: withMissing(model, { ...TRANSLATORS, ...lite, ...custom }), complex: { ...COMPLEX, ...custom } };
}

const isComplexNode = ({ attrs }: TfNode): boolean =>
  [...attrs.values()].some(attr => attr.kind === 'type' && partTypeOf(attr.value) !== undefined);
