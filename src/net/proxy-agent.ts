import type { EnvHttpProxyAgent } from 'undici';
import { DecantError } from '../errors.ts';

/**
 * Returns what sends requests through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 *
 * @throws DecantError `invalid-argument` if one of them is not a URL
 */
export async function proxyAgent(options: EnvHttpProxyAgent.Options = {}): Promise<EnvHttpProxyAgent> {
  const { EnvHttpProxyAgent } = await import('undici');
  try {
    // Many proxies allow tunnels only for HTTPS.
    return new EnvHttpProxyAgent({ ...options, proxyTunnel: false });
  } catch (cause) {
    throw new DecantError('invalid-argument', 'HTTP_PROXY or HTTPS_PROXY is not a URL', {
      cause,
      remedy: 'Use a URL like http://proxy.example.com:3128.',
    });
  }
}
