import { DecantError } from '../../src/errors.ts';
import { type Answer, inferInChild, type Job } from '../support/infer-in-child.ts';
import { difference, typeText } from './compare.ts';
import { convertCase, hasSizes, type InputMode, type TfCase, type TfCaseWithVariants } from './tf-cases.ts';

/** Whether decant agrees with TensorFlow, and if not, who says so: decant, OpenVINO, nobody, or a signal. */
export type Outcome = 'right' | 'refused' | 'failed' | 'wrong' | 'crashed';

export interface Finding {
  /** `MaxPool SAME [0,7,6,3]` */
  readonly name: string;
  readonly outcome: Outcome;
  readonly text: string;
}

interface Model {
  readonly name: string;
  readonly mode: InputMode;
  readonly runs: readonly TfCase[];
}

/** The cases whose graphs know some sizes, without these. */
export async function withoutSizes(cases: readonly TfCaseWithVariants[]): Promise<readonly Model[]> {
  const areSized = await Promise.all(cases.map(hasSizes));
  return cases.filter((_, i) => areSized[i]).map(each => ({ name: each.name, mode: 'ranks', runs: [each] }));
}

/** The empty variants of cases, with the sizes of their graphs: one model for all that have the same graph. */
export const emptyOpen = (cases: readonly TfCaseWithVariants[]): readonly Model[] =>
  cases.flatMap(({ name, empty }) =>
    Array.from(new Set(empty.map(({ graph }) => graph)), graph => ({
      name,
      mode: 'open' as const,
      runs: empty.filter(each => each.graph === graph),
    })),
  );

/** The empty variants of cases, with all sizes known. */
export const emptySized = (cases: readonly TfCaseWithVariants[]): readonly Model[] =>
  cases.flatMap(({ name, empty }) => empty.map(each => ({ name, mode: 'sized', runs: [each] })));

/** Converts models and runs them on OpenVINO in a process of their own. Returns one finding per run. */
export async function sweep(models: readonly Model[]): Promise<readonly Finding[]> {
  const refusals = new Map<Model, Pick<Finding, 'outcome' | 'text'>>();
  const jobs: Job[] = [];
  for (const model of models) {
    try {
      const graph = await convertCase(model.runs[0]!, model.mode);
      jobs.push({ graph, runs: model.runs.map(({ inputs }) => inputs) });
    } catch (error) {
      refusals.set(model, refusal(error));
    }
  }
  const answers = (await inferInChild(jobs)).values();
  return models.flatMap(model =>
    model.runs.map(run => ({
      name: run.name === model.name ? run.name : `${model.name} ${run.name}`,
      ...(refusals.get(model) ?? judgment(run, answers.next().value!)),
    })),
  );
}

/** A size that an op does not accept is `malformed`: the graph would be, if it were fixed to it. */
function refusal(error: unknown): Pick<Finding, 'outcome' | 'text'> {
  const isRefusal = error instanceof DecantError && ['unsupported', 'malformed'].includes(error.code);
  return { outcome: isRefusal ? 'refused' : 'crashed', text: String(error) };
}

function judgment({ outputs }: TfCase, answer: Answer): Pick<Finding, 'outcome' | 'text'> {
  if ('signal' in answer) return { outcome: 'crashed', text: answer.signal };
  if ('error' in answer) return { outcome: 'failed', text: answer.error };
  const found = [...outputs].flatMap(([name, expected]) => {
    const actual = answer.outputs.get(name)!;
    if (typeText(actual) !== typeText(expected))
      return [`${name} is ${typeText(actual)} instead of ${typeText(expected)}`];
    const text = difference(actual, expected);
    return text === undefined ? [] : [`${name}: ${text}`];
  });
  return found.length === 0 ? { outcome: 'right', text: '' } : { outcome: 'wrong', text: found.join('; ') };
}
