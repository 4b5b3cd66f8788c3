import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** Logs each request once, when it has been answered; by default, its arrival has a line as well. */
export class RequestLog extends LogController {
  override incomingRequest(): void {
    // Logged with its answer.
  }

  override requestCompleted(err: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const answered = { req: request, res: reply, responseTime: reply.elapsedTime };
    if (err) request.log.error({ ...answered, err }, 'failed');
    else request.log.info(answered, 'answered');
  }
}
