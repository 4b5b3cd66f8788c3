import type { FastifyInstance } from 'fastify';
import { DecantError } from '../../errors.ts';
import { Deadline } from '../deadline.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborted when the request has taken too long, or its client has gone; with the error as its reason. */
    deadline: AbortSignal;
  }
}

/** Gives each request a deadline. fastify's own signal is aborted as soon as a body has been received. */
export function addDeadlines(app: FastifyInstance, timeout: number): void {
  app.decorateRequest('deadline');
  app.addHook('onRequest', (request, { raw }, done) => {
    const deadline = new Deadline(timeout);
    request.deadline = deadline.signal;
    raw.once('close', () => {
      deadline.end();
      if (!raw.writableFinished) deadline.abort(new DecantError('cancelled', 'the client has closed the connection'));
    });
    done();
  });
}
