import type { FastifyInstance } from 'fastify';
import type { ServerContext } from './context.ts';
import type { ModelParams } from './schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How requests are counted in the metrics; not counted without it. */
    counted?: { readonly api: 'KServe' | 'decant'; readonly method: string };
  }
}

export function countRequests(app: FastifyInstance, { models, metrics }: ServerContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const { counted } = request.routeOptions.config;
    if (counted === undefined) return;
    const { name = '', version } = request.params as Partial<ModelParams>;
    // Names that clients make up must not become labels.
    const model = models.models.findLast(each => each.name === name && (version ?? each.version) === each.version);
    metrics.countRequest(
      { ...counted, interface: 'REST', name: model?.name ?? '', version: model?.version ?? '' },
      reply.statusCode < 400,
      reply.elapsedTime,
    );
  });
}
