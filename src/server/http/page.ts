import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { openRoutes } from './guard.ts';

/** The page needs no other host, and no other page may frame it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Serves a folder with a web page at `/`; without one, `/` leads to the documentation. */
export async function addPage(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { open: true }, schema: { hide: true } }, (_, reply) => reply.redirect('/docs/'));
    return;
  }
  const { default: serveFiles } = await import('@fastify/static');
  await app.register(async page => {
    openRoutes(page);
    page.addHook('onSend', async (_, reply) => void reply.headers(HEADERS));
    await page.register(serveFiles, { root: folder, schemaHide: true, wildcard: false });
  });
}
