import { convertResolvedModel, type ConvertModelOptions } from '../api/convert-model.ts';
import type { ResolvedModel } from '../api/resolve-model.ts';
import { toIr } from '../convert.ts';
import type { Tensors } from '../detect/heads/port.ts';
import { asDecantError, DecantError, withinAsync } from '../errors.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { extractedModel } from '../platform/extracted-model.ts';
import { Core } from '../runtime/core.ts';
import type { ModelSource } from '../runtime/read-call.ts';
import { generatedCases, imageCases, type VerifyCase } from './cases.ts';
import { type Comparison, compareOutputs } from './compare-outputs.ts';
import { Engine } from './engine.ts';
import { goldenCases } from './golden.ts';
import { median } from './median.ts';
import { type Tolerances, TOLERANCES } from './tolerances.ts';

export interface VerifyOptions {
  /** Picture files to feed; generated inputs by default. */
  readonly pictures?: readonly string[];
  /** An `.npz` of inputs and answers to compare with, in place of OpenVINO's own frontend. */
  readonly against?: string | undefined;
  /** `CPU` by default. */
  readonly device?: string;
  /** How often each inference is timed, 5 by default; it always runs once before that. */
  readonly runs?: number;
  readonly tolerances?: Partial<Tolerances>;
  /** How the model is converted; its weights keep their 32 bits in any case. */
  readonly convert?: Omit<ConvertModelOptions, 'compressToFp16'>;
  /** Learns what is being done. */
  readonly onStep?: (what: string) => void;
}

/** Facts about a model that ran. */
export interface EngineReport {
  /** Operations that one inference executes. */
  readonly nodes: number;
  readonly compileMs: number;
}

export interface CaseReport extends Comparison {
  readonly name: string;
  /** Medians of the inferences' milliseconds, in runs that took turns. */
  readonly ms: { readonly decant: number; readonly reference?: number };
}

export interface Verification {
  readonly model: string;
  /** What the answers were compared with: OpenVINO's frontend, or the path of stored answers. */
  readonly reference: string;
  /** OpenVINO's version. */
  readonly openvino: string;
  readonly device: string;
  readonly tolerances: Tolerances;
  readonly cases: readonly CaseReport[];
  readonly decant: EngineReport;
  /** Undefined for stored answers. */
  readonly frontend?: EngineReport;
  /** How many times as fast as the reference decant's model is, over all cases. */
  readonly speedup?: number;
  readonly matches: boolean;
}

/** What reports call the reference that needs no stored answers. */
export const FRONTEND = "OpenVINO's own TensorFlow frontend";

const COMPARE_STORED = 'Compare with stored answers: `--against FILE.npz`.';

/**
 * Converts a TensorFlow model and compares what the result answers with what OpenVINO's own frontend makes of the same
 * model, or with stored answers. Both sides compute in f32.
 *
 * @param model a TensorFlow model, or, for stored answers, also an IR
 * @throws DecantError those of `convertModel`, `runtime-missing`, `runtime-failed`; `unsupported` for a model that OpenVINO
 * itself cannot read; `invalid-argument`; `malformed` for stored answers that cannot be read
 */
export async function verifyModel(model: ResolvedModel, options: VerifyOptions = {}): Promise<Verification> {
  const { against, pictures = [], device = 'CPU', runs = 5, onStep = () => undefined } = options;
  if (against !== undefined && pictures.length > 0) {
    throw new DecantError('invalid-argument', 'stored answers come with their own inputs', {
      remedy: 'Give either pictures or stored answers.',
    });
  }
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  using core = new Core();
  onStep(`converting ${model.path}`);
  const { source, format } = await ownModel(model, options.convert);
  if (against === undefined) refuseUnreadable(model.path, format);
  onStep("compiling decant's model");
  using own = await Engine.load(core, source, device);
  const cases =
    against !== undefined
      ? await goldenCases(against, own.ports)
      : pictures.length > 0
        ? imageCases(own.ports, pictures)
        : generatedCases(own.ports);
  await using files = against === undefined ? await extractedModel(model.path, format) : undefined;
  if (files !== undefined) onStep(`reading ${model.path} by ${FRONTEND}`);
  using frontend = files && (await asReference(() => Engine.load(core, files.path, device)));
  const reports: CaseReport[] = [];
  for (const one of cases) {
    onStep(`comparing ${one.name}`);
    reports.push(await withinAsync(one.name, () => runCase(one, own, frontend, runs, tolerances)));
  }
  const reportOf = (engine: Engine): EngineReport => ({ nodes: engine.executedNodes(), compileMs: engine.compileMs });
  const total = (side: 'decant' | 'reference'): number => reports.reduce((sum, { ms }) => sum + (ms[side] ?? 0), 0);
  return {
    model: model.path,
    reference: against ?? FRONTEND,
    openvino: core.version,
    device,
    tolerances,
    cases: reports,
    decant: reportOf(own),
    ...(frontend && { frontend: reportOf(frontend), speedup: total('reference') / total('decant') }),
    matches: reports.every(report => report.matches),
  };
}

async function ownModel(
  model: ResolvedModel,
  convert: VerifyOptions['convert'],
): Promise<{ readonly source: ModelSource; readonly format: string }> {
  if (model.kind === 'ir') return { source: model.path, format: 'openvino-ir' };
  const { conversion: stages, rtInfo } = await convertResolvedModel(model, { ...convert, compressToFp16: false });
  const { xml, bin } = toIr(stages.graph, rtInfo);
  return { source: { xml, bin: joinBin(bin) }, format: stages.model.format };
}

/** The formats that only decant reads, and why there is nothing to compare with. */
const UNREADABLE: Readonly<Record<string, string>> = {
  'openvino-ir': 'is an IR already, and what it was made from is not known',
  'tfjs-graph-model': 'is a TensorFlow.js model, which OpenVINO itself cannot read',
};

function refuseUnreadable(model: string, format: string): void {
  const reason = UNREADABLE[format];
  if (reason === undefined) return;
  throw new DecantError('unsupported', `'${model}' ${reason}`, { remedy: COMPARE_STORED });
}

/** Work of the reference; where it fails there is another way to compare. */
async function asReference<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message } = asDecantError(thrown);
    if (code !== 'runtime-failed' && code !== 'unsupported') throw thrown;
    throw new DecantError('unsupported', `${FRONTEND} fails: ${message}`, { remedy: COMPARE_STORED, cause: thrown });
  }
}

async function runCase(
  one: VerifyCase,
  own: Engine,
  frontend: Engine | undefined,
  runs: number,
  tolerances: Tolerances,
): Promise<CaseReport> {
  const inputs = await one.inputs();
  await own.infer(inputs);
  const ports = own.ports;
  const names = ports.outputs.flatMap(port => port.names);
  const expected = frontend === undefined ? await one.expected?.() : await answerOf(frontend, inputs, names);
  if (expected === undefined) throw new DecantError('internal', 'there is nothing to compare with');
  const compared = frontend === undefined ? Object.keys(expected) : names;
  const comparison = compareOutputs(ports, compared, expected, own.outputs(compared), tolerances);
  const times: { readonly decant: number; readonly reference: number | undefined }[] = [];
  for (let run = 0; run < runs; run++) {
    times.push({ decant: await own.infer(inputs), reference: await frontend?.infer(inputs) });
  }
  const decant = median(times.map(time => time.decant));
  const reference = frontend && median(times.map(time => time.reference!));
  return { name: one.name, ...comparison, ms: { decant, ...(reference !== undefined && { reference }) } };
}

const answerOf = (frontend: Engine, inputs: Tensors, names: readonly string[]): Promise<Tensors> =>
  asReference(async () => {
    await frontend.infer(inputs);
    return frontend.outputs(names);
  });
