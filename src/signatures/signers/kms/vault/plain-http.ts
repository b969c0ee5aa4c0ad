import { isLoopback } from '../../../../lib/http/loopback.ts';

/**
 * A warning for a service that is asked over HTTP without TLS, unless it is on this machine: every machine
 * on the way can read the token, and can answer in the service's place.
 */
export function plainHttpWarning(url: URL, setting: string): string | undefined {
  if (url.protocol !== 'http:' || isLoopback(url)) return undefined;
  return `${setting} is http://, so the token goes to ${url.hostname} unencrypted and can be stolen on the way. Use https://`;
}
