import type { FastifyInstance } from 'fastify';
import { modelInformation, type ModelInformation } from '../models/model-information.ts';
import type { ServerContext } from './context.ts';
import { ERRORS, MODEL_PARAMS, type ModelParams } from './schemas.ts';

const DEVICE_BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['device'],
  properties: {
    device: { type: 'string', pattern: '^[^\\u0000-\\u001f]{1,200}$', description: 'CPU, GPU, NPU, AUTO, ...' },
  },
} as const;

interface DeviceRoute {
  Params: ModelParams;
  Body: { readonly device: string };
}

const tags = ['models'];

export function addModelRoutes(app: FastifyInstance, { models }: ServerContext): void {
  app.get('/v1/devices', { schema: { tags, summary: 'List the devices of the server.', response: ERRORS } }, () => ({
    devices: [
      ...models.core.getAvailableDevices().map(device => ({
        device,
        name: models.core.getProperty(device, 'FULL_DEVICE_NAME'),
      })),
      { device: 'AUTO', name: 'OpenVINO chooses' },
    ],
  }));

  app.get('/v1/models', { schema: { tags, summary: 'List the models.', response: ERRORS } }, () => ({
    models: models.models.map(modelInformation),
  }));

  const one = { tags, summary: 'Describe a model.', params: MODEL_PARAMS, response: ERRORS };
  const describe = ({ name, version }: ModelParams): ModelInformation => modelInformation(models.find(name, version));
  app.get<{ Params: ModelParams }>('/v1/models/:name', { schema: one }, ({ params }) => describe(params));
  app.get<{ Params: ModelParams }>('/v1/models/:name/versions/:version', { schema: one }, ({ params }) =>
    describe(params),
  );

  const schema = {
    tags,
    summary: 'Compile a model for another device.',
    description: 'The model keeps serving on its device until then. GET describes the progress as `step`.',
    params: MODEL_PARAMS,
    body: DEVICE_BODY,
    response: ERRORS,
  };
  app.post<DeviceRoute>('/v1/models/:name/device', { schema }, async ({ params, body }) => {
    await models.setDevice(params.name, body.device);
    return describe(params);
  });
}
