import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ByteBudget } from '../guards/byte-budget.ts';
import { authorityOf } from '../guards/authority.ts';
import { checkHost } from '../guards/check-host.ts';
import { checkOrigin } from '../guards/check-origin.ts';
import { keyChecker, keyIn } from '../guards/api-key.ts';
import { Refusal } from '../refusal.ts';
import type { ServerAccess, ServerLimits } from '../server-options.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no API key. */
    open?: boolean;
    /** Decodes bodies by their Content-Encoding. */
    decodes?: boolean;
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, x-api-key, inference-header-content-length',
  'access-control-max-age': '600',
};

/** Checks each request before its body is received: host, origin, API key and size. */
export function guard(app: FastifyInstance, access: ServerAccess, limits: ServerLimits): ByteBudget {
  const checkKey = keyChecker(access.apiKey);
  const budget = new ByteBudget(limits.requestBytes, limits.totalBytes);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    const { origin, host } = request.headers;
    checkHost(authorityOf(request.raw), access.hosts);
    checkEncoding(request);
    const allowed = checkOrigin(origin, host, access.cors);
    if (access.cors.length > 0) reply.header('vary', 'origin');
    if (allowed !== undefined) {
      reply.header('access-control-allow-origin', allowed);
      reply.header('access-control-expose-headers', 'inference-header-content-length, retry-after');
    }
    if (allowed !== undefined && request.method === 'OPTIONS') return reply.headers(PREFLIGHT).code(204).send();
    if (request.routeOptions.config.open !== true) checkKey(keyIn(request.headers));
    const release = budget.reserve(lengthOf(request));
    // Also if the client goes away.
    reply.raw.once('close', release);
  });
  return budget;
}

/** @throws DecantError with status 415 for an encoded body, which a route that does not decode would take as it is */
function checkEncoding({ headers, routeOptions }: FastifyRequest): void {
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding === 'identity' || routeOptions.config.decodes === true) return;
  throw new Refusal(415, 'unsupported', `this address does not decode '${encoding}'`, {
    remedy: 'Send the request without Content-Encoding.',
  });
}

/** Returns undefined for a body that is sent in chunks. */
function lengthOf({ headers }: FastifyRequest): number | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  return coding === undefined ? Number(length ?? 0) : undefined;
}

/** Makes all routes that `app` gets from now on need no API key. */
export function openRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    route.config = { ...route.config, open: true };
  });
}
