import { DecantError } from '../errors.ts';
import type { Graph } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';
import { imageInputPort } from './image-input-port.ts';
import { formatSteps, parseSteps } from './parse-steps.ts';
import type { InputSteps, Preprocessing } from './steps.ts';

export interface PreprocessInfo {
  readonly steps: InputSteps;
  readonly image: {
    readonly name: string;
    readonly type: ElementType;
    readonly shape: readonly (number | undefined)[];
  };
}

/** The section of `<rt_info>` about preprocessing. @param graph without the steps */
export function preprocessInfo(graph: Graph, { input }: Preprocessing = {}): RtInfo {
  if (input === undefined) return {};
  const { name, value } = imageInputPort(graph, input.name);
  const shape = value.shape.map(size => (typeof size === 'number' ? String(size) : '?')).join(',');
  return { preprocess: { steps: formatSteps(input), picture: name, type: value.type, shape } };
}

export function readPreprocessInfo(rtInfo: RtInfo): PreprocessInfo | undefined {
  const section = rtInfo['preprocess'];
  if (section === undefined) return undefined;
  const { steps, picture, type, shape } = typeof section === 'string' ? {} : section;
  if (
    typeof steps !== 'string' ||
    typeof picture !== 'string' ||
    typeof type !== 'string' ||
    !isElementType(type) ||
    typeof shape !== 'string' ||
    !/^(?:\d+|\?)(?:,(?:\d+|\?)){3}$/.test(shape)
  ) {
    throw new DecantError('malformed', 'the section preprocess of rt_info is not valid');
  }
  const sizes = shape.split(',').map(size => (size === '?' ? undefined : Number(size)));
  return { steps: parseSteps(steps), image: { name: picture, type, shape: sizes } };
}
