import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { collectBytes } from '../../pipeline/collect-bytes.ts';
import { DecantError } from '../../errors.ts';
import { Refusal } from '../refusal.ts';

const MAX_REDIRECTS = 3;

export interface UrlPolicy {
  /** `example.com`, `*.example.com`, `example.com:8443`; without a port, only those of the scheme. */
  readonly hosts: readonly string[];
  readonly maxBytes: number;
  /** Whether an address that a host resolves to may be connected to. */
  readonly isAllowedAddress?: (address: string) => boolean;
}

/** Fetches an image from a host on the list. */
export type FetchImageUrl = (url: string, signal: AbortSignal) => Promise<Uint8Array>;

/**
 * Returns a function that fetches images from hosts on a list, and from public addresses only. A host is resolved once: the
 * connection is made to the address that was checked. Redirects are checked in the same way. Proxies are not used, because
 * they would resolve the host again.
 */
export function imageUrlFetcher({ hosts, maxBytes, isAllowedAddress = isPublicAddress }: UrlPolicy): FetchImageUrl {
  const dispatcher = new Agent({ connect: { lookup: checkedLookup(isAllowedAddress) } });
  return async (text, signal) => {
    let url = urlIn(text);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      checkUrl(url, hosts, isAllowedAddress);
      const response = await requestFrom(url, dispatcher, signal);
      const { statusCode, headers, body } = response;
      if (statusCode >= 300 && statusCode < 400 && typeof headers['location'] === 'string') {
        await body.dump();
        url = urlIn(headers['location'], url);
        continue;
      }
      if (statusCode === 200) return bodyOf(url, body, maxBytes);
      await body.dump();
      throw new DecantError('network', `${url.href} cannot be fetched: its server responded with ${statusCode}`);
    }
    throw new DecantError('network', `${text} cannot be fetched: it redirects more than ${MAX_REDIRECTS} times`);
  };
}

function urlIn(text: string, base?: URL): URL {
  if (URL.canParse(text, base?.href)) return new URL(text, base);
  throw new DecantError('invalid-argument', `'${text}' is not a URL`);
}

function checkUrl(url: URL, hosts: readonly string[], isAllowedAddress: (address: string) => boolean): void {
  const refuse = (reason: string, remedy?: string): never => {
    throw new Refusal(403, 'invalid-argument', `${url.href} may not be fetched: ${reason}`, remedy ? { remedy } : {});
  };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('it is not an http: or https: URL');
  if (url.username !== '' || url.password !== '') refuse('it contains a user name or password');
  if (!hosts.some(host => matches(url, host.toLowerCase()))) {
    refuse('its host is not on the list of this server', `Start it with --image-host ${url.host}.`);
  }
  // A connection to an address looks nothing up.
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !isAllowedAddress(address)) refuse('its address is not public');
}

function matches({ host, hostname, port }: URL, pattern: string): boolean {
  if (/:\d+$/.test(pattern)) return pattern === host;
  if (port !== '') return false;
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

async function requestFrom(url: URL, dispatcher: Agent, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  try {
    return await request(url, { dispatcher, signal, headers: { accept: 'image/*' } });
  } catch (thrown) {
    throw failed(url, thrown);
  }
}

async function bodyOf(url: URL, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): DecantError => new DecantError('limit', `${url.href} has more than ${maxBytes} bytes`);
  try {
    return await collectBytes(body, maxBytes, tooLarge);
  } catch (thrown) {
    throw failed(url, thrown);
  }
}

function failed(url: URL, thrown: unknown): unknown {
  if (thrown instanceof DecantError) return thrown;
  if (!(thrown instanceof Error) || thrown.name === 'AbortError') return thrown;
  return new DecantError('network', `${url.href} cannot be fetched: ${thrown.message}`, { cause: thrown });
}

function checkedLookup(isAllowedAddress: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      // One address that is not public is enough: which one is used would be up to the resolver.
      if (first === undefined || !addresses.every(({ address }) => isAllowedAddress(address))) {
        callback(new Refusal(403, 'invalid-argument', `the address of '${hostname}' is not public`), '');
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Ranges that are not reachable from the internet, or stand for others: RFC 6890 and the registries that it names. */
const NOT_PUBLIC = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]) {
  const [network, bits] = range.split('/') as [string, string];
  NOT_PUBLIC.addSubnet(network, Number(bits), 'ipv4');
}

/** Global unicast addresses, of which the ranges below are for other uses or carry IPv4 addresses. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [network, bits] = range.split('/') as [string, string];
  NOT_PUBLIC.addSubnet(network, Number(bits), 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return version === 6 && GLOBAL.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}
