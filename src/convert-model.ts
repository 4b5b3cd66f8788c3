import { type ConvertOptions, type Stages, convertStages } from './convert.ts';
import { DecantError } from './errors.ts';
import { portsOfGraph } from './graph-ports.ts';
import { matchHead } from './detect/heads/find-head.ts';
import type { Labels } from './detect/labels.ts';
import { localModel } from './download/local-model.ts';
import { openSource } from './platform/open-source.ts';
import type { RtInfo } from './ov/ir/ir.ts';
import { parseSteps } from './preprocess/parse-steps.ts';
import { preprocessInfo } from './preprocess/preprocess-info.ts';
import type { Preprocessing } from './preprocess/steps.ts';
import type { Source } from './source/source.ts';
import { type InputSpec, parseInputShapes, parseInputSpecs } from './tf/input-spec.ts';
import { VERSION } from './version.ts';

export interface ConvertModelOptions extends Omit<ConvertOptions, 'inputs' | 'inputShapes' | 'preprocess'> {
  /** Steps that the model does itself, so that it takes frames as they come; as text in the grammar of `parseSteps`. */
  readonly preprocess?: string | Preprocessing | undefined;
  /**
   * Inputs by name, or tensors inside of the graph that become inputs, with shapes and types: specs, or text as `ovc` spells
   * it (`image[1,640,640,3]{u8},other[?,1..10]`).
   */
  readonly inputs?: string | readonly (string | InputSpec)[];
  /**
   * Sizes to fix, -1 leaving one open: a shape for the only input (`[1, 512, 512, 3]`), shapes by name, or text as the
   * command line takes it (`images[1,512,512,3]`).
   */
  readonly inputShapes?: string | readonly number[] | Readonly<Record<string, readonly number[]>>;
  /** The names of the classes, which the IR carries; those of the model's convention by default. */
  readonly labels?: Labels;
}

/** A converted model, in memory. */
export interface ConvertedModel {
  readonly name: string;
  /** Where it was read from; undefined for bytes and sources. */
  readonly path: string | undefined;
  /** What stood between the file and the result. */
  readonly stages: Stages;
  /** What the IR says of itself. */
  readonly rtInfo: RtInfo;
}

/**
 * Converts a TensorFlow model to OpenVINO. The weights of a folder are read when the result is written: its files have to stay
 * as they are until then.
 *
 * @param input the path of a model (a folder, a file, an archive), the name or URL of one, its bytes, or a source
 * @throws DecantError `not-found`, `not-a-model`, `malformed`, `unsupported` with all ops that have no translation; those
 * of `downloadModel`
 */
export async function convertModel(
  input: string | Uint8Array | Source,
  options: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  const { inputs, inputShapes, labels, preprocess, ...rest } = options;
  const path = typeof input === 'string' ? await localModel(input) : undefined;
  const source = typeof input === 'string' || input instanceof Uint8Array ? await openSource(path ?? input) : input;
  const stages = await convertStages(source, {
    ...rest,
    inputs: toInputs(inputs),
    inputShapes: toInputShapes(inputShapes),
    preprocess: toPreprocessing(preprocess),
  });
  return {
    name: stages.model.name,
    path,
    stages,
    rtInfo: { ...describe(stages, labels), ...preprocessInfo(stages.translated, toPreprocessing(preprocess)) },
  };
}

const toPreprocessing = (given: string | Preprocessing | undefined): Preprocessing | undefined =>
  typeof given === 'string' ? { input: parseSteps(given) } : given;

const toInputs = (given: ConvertModelOptions['inputs'] = []): readonly InputSpec[] =>
  typeof given === 'string'
    ? parseInputSpecs(given)
    : given.flatMap(each => (typeof each === 'string' ? parseInputSpecs(each) : each));

function toInputShapes(given: ConvertModelOptions['inputShapes'] = []): readonly InputSpec[] {
  if (typeof given === 'string') return parseInputShapes(given);
  if (isShape(given)) return given.length === 0 ? [] : [{ name: '', shape: given }];
  return Object.entries(given).map(([name, shape]) => ({ name, shape }));
}

const isShape = (given: readonly number[] | Readonly<Record<string, readonly number[]>>): given is readonly number[] =>
  Array.isArray(given);

/** The model's kind and labels, where tools that read IRs look for them. */
function describe({ model, translated, notes }: Stages, labels?: Labels): RtInfo {
  const head = matchHead(portsOfGraph(translated));
  const names = labels ?? head?.labels;
  const info = {
    ...(head === undefined ? {} : { model_type: head.name }),
    ...(names === undefined || names.size === 0 ? {} : { labels: labelsText(names) }),
  };
  return {
    ...(Object.keys(info).length === 0 ? {} : { model_info: info }),
    conversion: {
      converter: `decant ${VERSION}`,
      framework: 'tensorflow',
      format: model.format,
      ...(notes.length === 0 ? {} : { notes: notes.join('\n') }),
    },
  };
}

/** More ids than any detector has classes: a typing error in a labels file. */
const MOST_LABELS = 100_000;

/** One word for each id from 0 on, spaces as `_`: a label's position is its class, as every reader of IRs counts. */
function labelsText(labels: Labels): string {
  const last = Math.max(...labels.keys());
  if (last > MOST_LABELS) throw new DecantError('invalid-argument', `a label has the id ${last}`);
  const nameOf = (id: number): string => labels.get(id) ?? (id === 0 ? 'background' : `class_${id}`);
  return Array.from({ length: last + 1 }, (_, id) => nameOf(id).replaceAll(/\s+/g, '_')).join(' ');
}
