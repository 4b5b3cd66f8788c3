import type { FastifyInstance } from 'fastify';
import { DecantError } from '../../errors.ts';
import { Refusal } from '../refusal.ts';

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
    const controller = new AbortController();
    request.deadline = controller.signal;
    const late = (): void => {
      controller.abort(new Refusal(504, 'cancelled', `the request took longer than ${timeout / 1000} s`));
    };
    const timer = setTimeout(late, timeout);
    raw.once('close', () => {
      clearTimeout(timer);
      if (!raw.writableFinished) controller.abort(new DecantError('cancelled', 'the client has closed the connection'));
    });
    done();
  });
}
