import { Refusal } from '../refusal.ts';

/**
 * Decides about a request of a web page. Pages of this server may send any. Those of other sites may only if their origin is
 * allowed: they could otherwise use a server that only the user of the browser can reach.
 *
 * @param origins allowed origins; `*` for all
 * @returns the origin to allow in the answer; undefined if none is needed
 * @throws DecantError with status 403
 */
export function checkOrigin(
  origin: string | undefined,
  host: string | undefined,
  origins: readonly string[],
): string | undefined {
  if (origin === undefined || isSame(origin, host)) return undefined;
  if (origins.includes('*') || origins.includes(origin)) return origin;
  throw new Refusal(403, 'invalid-argument', `pages of ${origin} may not use this server`, {
    remedy: `Start it with --cors ${origin === 'null' ? 'ORIGIN' : origin}.`,
  });
}

/** The scheme is not compared: a proxy may have removed TLS. */
const isSame = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
