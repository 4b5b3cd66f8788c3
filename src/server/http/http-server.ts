import multipart from '@fastify/multipart';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import type { ServerOptions } from '../server-options.ts';
import type { ServerContext } from './context.ts';
import { checkQueries } from './check-query.ts';
import { countRequests } from './count-requests.ts';
import { addDeadlines } from './add-deadlines.ts';
import { addDetectionRoutes } from './detection-routes.ts';
import { addDocs } from './docs.ts';
import { guard } from './guard.ts';
import { addKserveRoutes } from './kserve-routes.ts';
import { addModelRoutes } from './model-routes.ts';
import { addPage } from './page.ts';
import { RequestLog } from './request-log.ts';
import { sendErrors } from './send-error.ts';
import { addStatusRoutes } from './status-routes.ts';
import { addStreamRoute } from './stream-route.ts';

/** Milliseconds between looks for connections whose request takes too long to arrive. */
const CHECK_CONNECTIONS = 1000;

/** Returns a server that does not listen yet. */
export async function httpServer(context: ServerContext, options: ServerOptions): Promise<FastifyInstance> {
  const { limits, access } = options;
  const app = fastify({
    logger: { level: 'info', stream: options.log },
    logController: new RequestLog(),
    bodyLimit: limits.requestBytes,
    requestTimeout: limits.timeout,
    http: { connectionsCheckingInterval: CHECK_CONNECTIONS, headersTimeout: limits.timeout },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // Unknown fields are refused: mistyped ones would be ignored in silence.
    ajv: { customOptions: { removeAdditional: false } },
  });
  sendErrors(app);
  addDeadlines(app, limits.timeout);
  guard(app, access, limits);
  countRequests(app, context);
  checkQueries(app);
  acceptFiles(app);
  await app.register(multipart);
  await app.register(websocket, {
    options: { maxPayload: limits.requestBytes, handleProtocols: () => 'decant' },
  });
  await addDocs(app);
  addStatusRoutes(app, context);
  addModelRoutes(app, context);
  addDetectionRoutes(app, context);
  addStreamRoute(app, context);
  await addKserveRoutes(app, context);
  await addPage(app, options.page);
  return app;
}

/** Bodies of all types but JSON and forms are bytes. */
function acceptFiles(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
}
