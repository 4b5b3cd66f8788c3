import { familyOf, HEADS } from './heads.ts';
import type { Port, Ports } from './port.ts';

/** A head that does not fit, and why: `the input is not u8, but x f32[1,320,320,3]`. */
export interface NearHead {
  readonly name: string;
  readonly reason: string;
}

/** More would hide the ones that matter. */
const MOST = 3;

/** Returns the heads that would fit if the input, or what the graph shows about the outputs, was different. */
export function nearHeads(ports: Ports): readonly NearHead[] {
  const outputs = ports.outputs.map(({ names, type, shape }): Port => ({ names, type, shape }));
  const others = [
    { inputs: ports.inputs, outputs },
    ...imageInputs(ports.inputs).map(input => ({ ...ports, inputs: [input] })),
  ];
  const near = HEADS.flatMap(({ name, match }) => {
    const reason = match(ports);
    if (typeof reason !== 'string' || others.every(each => typeof match(each) === 'string')) return [];
    return [{ name: familyOf(name), reason }];
  });
  return near.filter(({ name }, i) => near.findIndex(other => other.name === name) === i).slice(0, MOST);
}

/** Images of bytes and of reals: of the size that the model takes, if it takes one, and of any size. */
function imageInputs(inputs: readonly Port[]): readonly Port[] {
  const sizes = inputs.find(({ shape }) => shape.length === 4)?.shape.filter(size => size !== 1 && size !== 3) ?? [];
  const shapes = [
    [1, sizes[0], sizes[1] ?? sizes[0], 3],
    [1, undefined, undefined, 3],
  ] as const;
  return shapes.flatMap(shape => (['u8', 'f32'] as const).map(type => ({ names: ['image'], type, shape })));
}
