import type { ServerContext } from '../http/context.ts';
import { bytesOf } from '../../tensor/tensor.ts';
import { datatypeOf } from '../../kserve/datatypes.ts';
import { type ModelMetadata, modelMetadata, SERVER_METADATA } from '../kserve/metadata.ts';
import { runInference } from '../kserve/run-inference.ts';
import type { ModelInferRequest, ModelInferResponse, ModelRequest } from './messages.ts';
import { readMessage } from './read-message.ts';

/** A method of the service, without what all have in common. */
export type Method<Q, R> = (request: Q, signal: AbortSignal) => R | Promise<R>;

/** An empty version is the newest. */
const versionOf = (version: string): string | undefined => (version === '' ? undefined : version);

export const serverLive: Method<object, object> = () => ({ live: true });

export const serverReady =
  ({ models, isOpen }: ServerContext): Method<object, object> =>
  () => ({ ready: models.isReady && isOpen() });

export const serverMetadata: Method<object, typeof SERVER_METADATA> = () => SERVER_METADATA;

export const modelReady =
  ({ models }: ServerContext): Method<ModelRequest, object> =>
  ({ name, version }) => ({ ready: models.find(name, versionOf(version)).state === 'ready' });

export const modelMetadataOf =
  ({ models }: ServerContext): Method<ModelRequest, Omit<ModelMetadata, 'rt_info'>> =>
  ({ name, version }) =>
    // eslint-disable-next-line @typescript-eslint/require-await
    models.find(name, versionOf(version)).use(async model => {
      const versions = version === '' ? models.versionsOf(name) : [version];
      const { rt_info: info, ...metadata } = modelMetadata(name, versions, model);
      return { ...metadata, properties: { rt_info: JSON.stringify(info) } };
    });

export const modelInfer =
  ({ models, limits }: ServerContext): Method<ModelInferRequest, ModelInferResponse> =>
  (message, signal) => {
    const served = models.find(message.model_name, versionOf(message.model_version));
    return served.use(async model => {
      const request = readMessage(message);
      const results = await runInference(model, request, { ...limits, signal });
      return {
        model_name: served.name,
        model_version: served.version,
        id: message.id,
        outputs: results.map(([name, { type, shape }]) => ({ name, datatype: datatypeOf(type), shape })),
        raw_output_contents: results.map(([, tensor]) => bytesOf(tensor)),
      };
    });
  };
