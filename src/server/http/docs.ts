import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../../version.ts';
import { openRoutes } from './guard.ts';
import { ERROR_SCHEMA } from './schemas.ts';

/** Describes the routes that are added after it: as OpenAPI at `/docs/json`, and as a page at `/docs`. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  app.addSchema(ERROR_SCHEMA);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'decant', version: VERSION, description: 'Object detection on OpenVINO.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      tags: [
        { name: 'detection', description: 'Objects in images.' },
        { name: 'models', description: 'The models of the server, and their devices.' },
        {
          name: 'Open Inference Protocol',
          description: 'Tensors in and out, as KServe, Triton and OpenVINO Model Server.',
        },
      ],
    },
    refResolver: {
      buildLocalReference: (json, _, __, i) => (typeof json['$id'] === 'string' ? json['$id'] : `schema-${i}`),
    },
  });
  await app.register(async docs => {
    openRoutes(docs);
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  });
}
