import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../refusal.ts';

export type CheckKey = (given: string | undefined) => void;

/** Prefix of the WebSocket protocol that carries a key in base64url, because browsers cannot set other headers. */
const PROTOCOL = 'decant.key.';

/** Returns a function that throws for any key but the right one, in a time that does not depend on the key. */
export function keyChecker(apiKey: string | undefined): CheckKey {
  if (apiKey === undefined) return () => undefined;
  const expected = digest(apiKey);
  return given => {
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    throw new Refusal(
      401,
      'invalid-argument',
      given === undefined ? 'an API key is required' : 'the API key is wrong',
      {
        remedy: 'Send it as Authorization: Bearer KEY, or X-API-Key: KEY.',
      },
    );
  };
}

/** Keys of any length have digests of the same length. */
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Returns the key in a header `Bearer KEY`. */
export const bearerKey = (authorization = ''): string | undefined => /^Bearer +(\S+)$/i.exec(authorization)?.[1];

export function keyIn(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, 'x-api-key': key, 'sec-websocket-protocol': protocols = '' } = headers;
  const protocol = protocols
    .split(',')
    .map(name => name.trim())
    .find(name => name.startsWith(PROTOCOL));
  const inProtocol = protocol && Buffer.from(protocol.slice(PROTOCOL.length), 'base64url').toString();
  return bearerKey(authorization) ?? (typeof key === 'string' ? key : undefined) ?? inProtocol;
}
