import { DecantError } from '../errors.ts';
import type { Graph } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';
import { imageInputPort } from './add-preprocessing.ts';
import { formatSteps, parseSteps } from './parse-steps.ts';
import type { InputSteps, Preprocessing } from './steps.ts';

/** What an IR says of the preprocessing inside of it. */
export interface PreprocessInfo {
  readonly steps: InputSteps;
  /** The picture that the model itself takes, behind the steps. */
  readonly picture: {
    readonly name: string;
    readonly type: ElementType;
    /** A size is undefined where any is taken. */
    readonly shape: readonly (number | undefined)[];
  };
}

/** The section of `<rt_info>` about steps on the picture of `graph`, which is as it was before them. */
export function preprocessInfo(graph: Graph, { input }: Preprocessing = {}): RtInfo {
  if (input === undefined) return {};
  const { name, value } = imageInputPort(graph, input.name);
  const shape = value.shape.map(size => (typeof size === 'number' ? String(size) : '?')).join(',');
  return { preprocess: { steps: formatSteps(input), picture: name, type: value.type, shape } };
}

/** What `preprocessInfo` wrote. @throws DecantError `malformed` */
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
    throw new DecantError('malformed', 'the section preprocess of rt_info is broken');
  }
  const sizes = shape.split(',').map(size => (size === '?' ? undefined : Number(size)));
  return { steps: parseSteps(steps), picture: { name: picture, type, shape: sizes } };
}
