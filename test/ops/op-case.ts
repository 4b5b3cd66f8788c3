import type { AttributesInput, Codecs } from '../../src/ov/attributes.ts';
import type { Graph, Op, Value } from '../../src/ov/graph.ts';
import { Builder } from '../../src/ov/builder.ts';
import type { Shape } from '../../src/tensor/dim.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

/** An input that is always a constant, such as axes and shapes. */
export interface Fixed {
  readonly fixed: Tensor;
}

export type Input = Tensor | Fixed;

/** One op with inputs and expected outputs. On OpenVINO, inputs that are not fixed are parameters. */
export interface OpCase {
  readonly name: string;
  readonly op: Op;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Tensor[];
  /** The builder does not fold it. */
  readonly unfolded?: true;
  /** Rejected if the sizes of its inputs are unknown. */
  readonly needsSizes?: true;
  /** Rejected or computed differently by OpenVINO's CPU plugin. */
  readonly foldedOnly?: true;
  build(b: Builder, inputs: readonly Value[]): readonly Value[];
}

export const fixed = (tensor: Tensor): Fixed => ({ fixed: tensor });

export const tensorIn = (input: Input): Tensor => ('fixed' in input ? input.fixed : input);

/** Optional if the op has no required attributes. */
type Attributes<C extends Codecs> =
  object extends AttributesInput<C> ? [attrs?: AttributesInput<C>] : [attrs: AttributesInput<C>];

export const of = <C extends Codecs>(
  op: Op<C>,
  name: string,
  inputs: readonly Input[],
  outputs: Tensor | readonly Tensor[],
  ...attrs: Attributes<C>
): OpCase => withBodies(op, name, inputs, outputs, attrs[0] ?? ({} as AttributesInput<C>), []);

export const withBodies = <C extends Codecs>(
  op: Op<C>,
  name: string,
  inputs: readonly Input[],
  outputs: Tensor | readonly Tensor[],
  attrs: AttributesInput<C>,
  bodies: readonly Graph[],
): OpCase => ({
  name: `${op.type} ${name}`,
  op,
  inputs,
  outputs: 'data' in outputs ? [outputs] : outputs,
  build: (b, values) => b.addWithBodies(op, values, attrs, bodies),
});

export const unfolded = (opCase: OpCase): OpCase => ({ ...opCase, unfolded: true });
export const needsSizes = (opCase: OpCase): OpCase => ({ ...opCase, needsSizes: true });
export const foldedOnly = (opCase: OpCase): OpCase => ({ ...opCase, foldedOnly: true });

/** Builds a body with parameters `p0`, `p1`, ... and outputs `r0`, `r1`, ... */
export function bodyOf(
  parameters: readonly { readonly type: Tensor['type']; readonly shape: Shape }[],
  make: (b: Builder, ...inputs: readonly Value[]) => readonly Value[],
): Graph {
  const b = new Builder();
  const inputs = new Map(parameters.map(({ type, shape }, i) => [`p${i}`, b.parameter(`p${i}`, type, shape)]));
  const outputs = make(b, ...inputs.values());
  return { name: 'body', inputs, outputs: new Map(outputs.map((value, i) => [`r${i}`, value])) };
}
