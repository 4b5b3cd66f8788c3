import { isIP } from 'node:net';
import { Refusal } from '../refusal.ts';

/**
 * Rejects requests for another host. A web page whose name is made to resolve to this server (DNS rebinding) names itself in
 * the Host header; an address or `localhost` cannot be such a name.
 *
 * @param hosts other names of this server; `*` for all
 * @throws DecantError with status 421
 */
export function checkHost(header: string | undefined, hosts: readonly string[]): void {
  if (hosts.includes('*')) return;
  const name = hostnameIn(header ?? '');
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return;
  if (hosts.some(host => host.toLowerCase() === name)) return;
  throw new Refusal(421, 'invalid-argument', `this server does not serve the host '${name}'`, {
    remedy: `Start it with --allow-host ${name === '' ? 'NAME' : name}.`,
  });
}

/** `[::1]:8080` -> `::1`, `Example.com:80` -> `example.com`. */
function hostnameIn(header: string): string {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([^:@/?#\s]+))(?::\d+)?$/i.exec(header) ?? [];
  return (address ?? name ?? '').toLowerCase().replace(/\.$/, '');
}
