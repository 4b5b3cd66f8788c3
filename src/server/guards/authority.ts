import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.ts';

/**
 * Returns the host that a request is for: that of its address, if it names one, as for a proxy, and otherwise the Host header.
 *
 * @throws DecantError with status 400 for several headers, of which others may read another
 */
export function authorityOf({ url = '', rawHeaders, headers }: IncomingMessage): string | undefined {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new Refusal(400, 'invalid-argument', 'the request has several Host headers');
  return /^[a-z][\w+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? headers.host;
}
