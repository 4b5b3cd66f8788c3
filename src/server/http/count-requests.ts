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
  app.addHook('onResponse', (request, reply, done) => {
    const { counted } = request.routeOptions.config;
    if (counted !== undefined) {
      const labels = models.labelsOf(request.params as Partial<ModelParams>);
      metrics.countRequest({ ...counted, ...labels, interface: 'REST' }, reply.statusCode < 400, reply.elapsedTime);
    }
    done();
  });
}
