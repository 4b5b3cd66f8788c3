import type { FastifyError, FastifyInstance } from 'fastify';
import { asDecantError, DecantError } from '../../errors.ts';
import { bodyOf, statusOf } from '../error-body.ts';
import { Refusal } from '../refusal.ts';

/** Answers with JSON for all errors; that of the Open Inference Protocol has the same `error`. */
export function sendErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = toDecantError(thrown);
    const status = statusOf(error);
    if (status === 500) request.log.error(thrown);
    else request.log.info({ code: error.code, status }, bodyOf(error).error);
    if (error instanceof Refusal && error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
    // The rest of a body that was not received would be taken for the next request.
    if (!request.raw.complete) reply.header('connection', 'close');
    return reply.code(status).type('application/json; charset=utf-8').send(bodyOf(error));
  });
  app.setNotFoundHandler(request => {
    const path = request.url.replace(/\?.*$/s, '');
    throw new DecantError('not-found', `there is no route ${request.method} ${path}`, {
      remedy: 'See /docs for what this server offers.',
    });
  });
}

/** Errors of fastify and its plugins have a status; others are bugs. */
function toDecantError(thrown: FastifyError): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const { statusCode = 500 } = thrown;
  if (statusCode < 400 || statusCode >= 500) return asDecantError(thrown);
  const code = statusCode === 413 ? 'limit' : statusCode === 404 ? 'not-found' : 'invalid-argument';
  return new Refusal(statusCode, code, thrown.message);
}
