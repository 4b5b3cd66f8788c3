import type { Dispatcher, RequestInit, Response } from 'undici';
import { proxyAgent } from './proxy-agent.ts';

let shared: Promise<Dispatcher> | undefined;

/** `fetch` through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name. undici is loaded at the first call. */
export async function proxiedFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const [{ fetch }, dispatcher] = await Promise.all([import('undici'), (shared ??= proxyAgent())]);
  return fetch(url, { ...init, dispatcher });
}
