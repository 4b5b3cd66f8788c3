import type { HeadChoice } from '../detect/heads/find-head.ts';
import { readIrInfo } from '../api/ir-info.ts';
import { convertResolvedModel } from '../api/convert-model.ts';
import type { ConvertModelOptions } from '../api/convert-model-options.ts';
import type { ResolvedModel } from '../api/resolve-model.ts';
import { toIr } from '../convert.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import { DecantError, withinAsync } from '../errors.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { extractedModel } from '../platform/extracted-model.ts';
import { Core } from '../runtime/core.ts';
import type { ModelSource } from '../runtime/read-call.ts';
import { generatedCases, imageCases, type VerifyCase } from './cases.ts';
import { type Comparison, compareOutputs } from './compare-outputs.ts';
import { Engine } from './engine.ts';
import { goldenCases } from './golden.ts';
import { median } from './median.ts';
import { COMPARE_STORED, FRONTEND, Reference } from './reference.ts';
import { type Tolerances, TOLERANCES } from './tolerances.ts';

export interface VerifyOptions {
  /** Image files to run; generated inputs by default. */
  readonly images?: readonly string[];
  /** An `.npz` of inputs and outputs to compare with, instead of OpenVINO's own frontend. */
  readonly against?: string | undefined;
  readonly device?: string;
  /** Number of timed inferences, after one for warm-up; 5 by default. */
  readonly runs?: number;
  readonly tolerances?: Partial<Tolerances>;
  /** Options of the conversion; weights are always kept in f32. */
  readonly convert?: Omit<ConvertModelOptions, 'compressToFp16'>;
  readonly onStep?: (step: string) => void;
}

export interface EngineReport {
  readonly nodes: number;
  readonly compileMs: number;
}

export interface CaseReport extends Comparison {
  readonly name: string;
  /** Outputs that OpenVINO's frontend leaves out: constants, and inputs returned under another name. */
  readonly notCompared: readonly string[];
  /** Median durations of interleaved inferences in milliseconds. */
  readonly ms: { readonly decant: number; readonly reference?: number };
}

export interface Verification {
  readonly model: string;
  readonly reference: string;
  readonly openvino: string;
  readonly device: string;
  readonly tolerances: Tolerances;
  readonly cases: readonly CaseReport[];
  readonly decant: EngineReport;
  readonly frontend?: EngineReport;
  /** Duration of the reference divided by that of decant's model, over all cases. */
  readonly speedup?: number;
  readonly matches: boolean;
}

/**
 * Converts a TensorFlow model, or opens an IR, and compares its outputs with those of the same model read by OpenVINO's own
 * frontend, or with stored outputs, which an IR needs. Both compute in f32.
 */
export async function verifyModel(model: ResolvedModel, options: VerifyOptions = {}): Promise<Verification> {
  const { against, images = [], device = 'CPU', runs = 5, onStep = () => undefined } = options;
  if (against !== undefined && images.length > 0) {
    throw new DecantError('invalid-argument', 'stored outputs come with their own inputs', {
      remedy: 'Give either images or stored outputs.',
    });
  }
  if (against === undefined && options.convert?.freeze !== undefined) {
    throw new DecantError('invalid-argument', `${FRONTEND} cannot freeze inputs`, { remedy: COMPARE_STORED });
  }
  const tolerances = { ...TOLERANCES, ...options.tolerances };
  using core = new Core();
  core.checkDevice(device);
  onStep(`converting ${model.path}`);
  const { source, format, names, decoding } = await ownModel(model, options.convert);
  if (against === undefined) rejectUnreadable(model.path, format);
  onStep("compiling decant's model");
  using own = await Engine.load(core, source, device);
  const ports = { ...own.ports, decoding };
  const cases = await casesFor(ports, against, images, options.convert?.head);
  await using files = against === undefined ? await extractedModel(model.path, format) : undefined;
  if (files !== undefined) onStep(`reading ${model.path} by ${FRONTEND}`);
  using frontend = files && (await Reference.load(files.path, core.library, device, names));
  const reports: CaseReport[] = [];
  for (const one of cases) {
    onStep(`comparing ${one.name}`);
    reports.push(
      await withinAsync(one.name, () => runCase(one, own, ports, frontend, runs, tolerances, options.convert?.head)),
    );
  }
  const reportOf = async (engine: Engine | Reference): Promise<EngineReport> => ({
    nodes: await engine.executedNodes(),
    compileMs: engine.compileMs,
  });
  const total = (side: 'decant' | 'reference'): number => reports.reduce((sum, { ms }) => sum + (ms[side] ?? 0), 0);
  return {
    model: model.path,
    reference: against ?? FRONTEND,
    openvino: core.version,
    device,
    tolerances,
    cases: reports,
    decant: await reportOf(own),
    ...(frontend && { frontend: await reportOf(frontend), speedup: total('reference') / total('decant') }),
    matches: reports.every(report => report.matches),
  };
}

async function casesFor(
  ports: Ports,
  against: string | undefined,
  images: readonly string[],
  head: HeadChoice | undefined,
): Promise<readonly VerifyCase[]> {
  if (against !== undefined) return goldenCases(against, ports);
  return images.length > 0 ? imageCases(ports, images, head) : generatedCases(ports, head);
}

interface OwnModel {
  readonly source: ModelSource;
  readonly format: string;
  /** What the file calls inputs and outputs, where it differs. */
  readonly names?: ReadonlyMap<string, string> | undefined;
  readonly decoding?: Ports['decoding'];
}

async function ownModel(model: ResolvedModel, convert: VerifyOptions['convert']): Promise<OwnModel> {
  if (model.kind === 'ir') {
    const { decoding } = await readIrInfo(model.path);
    return { source: model.path, format: 'openvino-ir', decoding };
  }
  const { conversion, rtInfo } = await convertResolvedModel(model, { ...convert, compressToFp16: false });
  const { xml, bin } = toIr(conversion.graph, rtInfo);
  const { format, names, detector } = conversion.model;
  return { source: { xml, bin: joinBin(bin) }, format, names, decoding: detector?.decoding };
}

/** Formats without a reference, and why. */
const UNREADABLE: Readonly<Record<string, string>> = {
  'openvino-ir': 'is an IR already, without the model it was converted from',
  'tfjs-graph-model': 'is a TensorFlow.js model, which OpenVINO itself cannot read',
};

function rejectUnreadable(model: string, format: string): void {
  const reason = UNREADABLE[format];
  if (reason === undefined) return;
  throw new DecantError('unsupported', `'${model}' ${reason}`, { remedy: COMPARE_STORED });
}

async function runCase(
  one: VerifyCase,
  own: Engine,
  ports: Ports,
  frontend: Reference | undefined,
  runs: number,
  tolerances: Tolerances,
  head: HeadChoice | undefined,
): Promise<CaseReport> {
  const inputs = await one.inputs();
  await own.infer(inputs);
  const names = ports.outputs.flatMap(port => port.names);
  const expected = frontend === undefined ? await one.expected?.() : await outputsOf(frontend, inputs, names);
  if (expected === undefined) throw new DecantError('internal', 'the case has no expected outputs');
  const compared = Object.keys(expected);
  if (compared.length === 0) {
    throw new DecantError('unsupported', `${FRONTEND} leaves out all outputs, because they do not depend on an input`, {
      remedy: COMPARE_STORED,
    });
  }
  const comparison = compareOutputs(ports, expected, own.outputs(compared), tolerances, head);
  const notCompared = frontend === undefined ? [] : names.filter(name => !compared.includes(name));
  const times: { readonly decant: number; readonly reference: number | undefined }[] = [];
  for (let run = 0; run < runs; run++) {
    times.push({ decant: await own.infer(inputs), reference: await frontend?.infer(inputs) });
  }
  const decant = median(times.map(time => time.decant));
  const reference = frontend && median(times.map(time => time.reference!));
  return { name: one.name, ...comparison, notCompared, ms: { decant, ...(reference !== undefined && { reference }) } };
}

async function outputsOf(frontend: Reference, inputs: Tensors, names: readonly string[]): Promise<Tensors> {
  await frontend.infer(inputs);
  return frontend.outputs(names);
}
