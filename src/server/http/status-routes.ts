import type { FastifyInstance } from 'fastify';
import type { ServerContext } from './context.ts';

export function addStatusRoutes(app: FastifyInstance, { metrics }: ServerContext): void {
  app.get('/metrics', { schema: { tags: ['models'], summary: 'Metrics for Prometheus.' } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
