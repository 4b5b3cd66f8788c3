import { compileNetwork, type HeadOf } from '../../api/compile-detector.ts';
import type { ConvertToFile } from '../../api/model-cache.ts';
import { networkHead } from '../../api/network-head.ts';
import { resolveModel } from '../../api/resolve-model.ts';
import { asDecantError, DecantError } from '../../errors.ts';
import { readRtInfo } from '../../ov/ir/read-rt-info.ts';
import { readFile } from '../../platform/read-file.ts';
import { MAX_TEXT_BYTES } from '../../platform/read-text-file.ts';
import type { Core } from '../../runtime/core.ts';
import type { ServedModelOptions, ServerLimits } from '../server-options.ts';
import type { ThreadStep } from '../thread/tasks.ts';
import { Thread } from '../thread/thread.ts';
import { type HeadOrReason, LoadedModel, type OnInference } from './loaded-model.ts';

export interface LoadOptions {
  readonly core: Core;
  readonly model: ServedModelOptions;
  readonly limits: ServerLimits;
  readonly offline?: boolean | undefined;
  readonly onInference: OnInference;
}

/** Loads a model from a path, name or URL; TensorFlow models are converted first. @param onStep receives the progress */
export async function loadModel(
  path: string,
  { core, model, limits, offline, onInference }: LoadOptions,
  onStep: (step: string) => void,
): Promise<LoadedModel> {
  onStep('looking for the model');
  const resolved = await resolveModel(path, {
    offline,
    onProgress: ({ file, done, total }) =>
      onStep(`downloading ${file}${total === undefined ? '' : `: ${Math.floor((100 * done) / total)} %`}`),
  });
  onStep('reading the model');
  // An IR cannot be converted.
  const options = resolved.kind === 'ir' ? { ...model, convert: undefined } : model;
  const headOf: HeadOf<HeadOrReason> = (each, info) => {
    onStep(`compiling for ${model.device}`);
    try {
      return networkHead(each, info, model.head);
    } catch (thrown) {
      const reason = asDecantError(thrown);
      // Models of no known kind are served as tensors; a chosen kind must fit.
      if (reason.code === 'internal' || model.head !== undefined) throw reason;
      return reason;
    }
  };
  // In a thread, because this one answers for the other models; the memory that it takes is free afterwards.
  const convertToFile: ConvertToFile = async (each, given, xml) => {
    using thread = new Thread();
    const report = ({ stage, ops }: ThreadStep): void => onStep(`converting: ${stage}, ${ops} ops`);
    await thread.run('convert', { model: each, options: given, xml }, { onStep: report });
  };
  const network = await compileNetwork(core, resolved, options, headOf, convertToFile);
  try {
    const rtInfo = readRtInfo((await readFile(network.path, MAX_TEXT_BYTES)).toString());
    return new LoadedModel(network, rtInfo, limits, onInference);
  } catch (thrown) {
    network.compiled.close();
    throw thrown instanceof DecantError ? thrown : asDecantError(thrown);
  }
}
