import { checkHead } from '../detect/heads/check-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Port } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import type { RemotePort } from '../kserve/metadata.ts';
import { RemoteModel } from '../kserve/remote-model.ts';
import type { DetectorOptions } from './detector-options.ts';
import { type IrInfo, infoIn } from './ir-info.ts';
import { headFor } from './network-head.ts';

export interface RemoteDetector extends Pick<IrInfo, 'labels' | 'firstClassId' | 'notes'> {
  readonly model: RemoteModel;
  readonly head: Head;
}

/**
 * Connects to a model on a server of the Open Inference Protocol. What the server knows of the IR's `rt_info` tells class names
 * and the kind of detector.
 *
 * @throws DecantError `network`, `not-found`, `invalid-argument` for options that the server has chosen, `unsupported` if the
 *   model is not a known kind of detector
 */
export async function connectDetector(url: string, options: DetectorOptions): Promise<RemoteDetector> {
  rejectLocal(url, options);
  if (options.head !== undefined) checkHead(options.head);
  const model = await RemoteModel.connect(url, { apiKey: options.apiKey });
  const { inputs, outputs, rtInfo } = model.metadata;
  const info = infoIn(rtInfo);
  const ports = { inputs: inputs.map(portOf), outputs: outputs.map(portOf) };
  return { ...info, model, head: headFor(ports, info, options.head), labels: options.labels ?? info.labels };
}

const portOf = ({ name, type, shape }: RemotePort): Port => ({ names: [name], type, shape });

/** The server compiled the model; ignoring the options would be misleading. */
function rejectLocal(url: string, { device, precision, config, cacheDir, convert, core }: DetectorOptions): void {
  const local = { device, precision, config, cacheDir, convert, core };
  const [option] = Object.entries(local).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  throw new DecantError('invalid-argument', `the option ${option} has no effect on a model on a server: ${url}`, {
    remedy: 'Choose it when starting the server.',
  });
}
