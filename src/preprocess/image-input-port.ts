import { DecantError } from '../errors.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { formatShape } from '../tensor/dim.ts';

export interface ImageInputPort {
  readonly name: string;
  readonly value: Value;
  readonly layout: 'NHWC' | 'NCHW';
}

export function imageInputPort(graph: Graph, name: string | undefined): ImageInputPort {
  const images = [...graph.inputs].flatMap(([own, value]): ImageInputPort[] => {
    const layout = imageLayout(value);
    return layout === undefined || (name !== undefined && name !== own) ? [] : [{ name: own, value, layout }];
  });
  const [first, ...others] = images;
  if (first !== undefined && others.length === 0) return first;
  const inputs = [...graph.inputs].map(([own, { type, shape }]) => `${own} ${type}${formatShape(shape)}`).join(', ');
  const which = name === undefined ? 'single image input' : `image input '${name}'`;
  throw new DecantError('not-found', `the model has no ${which}; its inputs are ${inputs}`);
}

function imageLayout({ shape }: Value): 'NHWC' | 'NCHW' | undefined {
  if (shape.length !== 4) return undefined;
  if (shape[3] === 3) return 'NHWC';
  return shape[1] === 3 ? 'NCHW' : undefined;
}
