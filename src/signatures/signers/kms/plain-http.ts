/**
 * A warning for a service that is asked over HTTP without TLS, unless it is on this machine: whoever is on
 * the way reads the token, and may answer in its place.
 */
export function plainHttpWarning({ protocol, hostname }: URL, setting: string): string | undefined {
  if (protocol !== 'http:' || isLoopback(hostname)) return undefined;
  return `${setting} is http://, so the token goes to ${hostname} unencrypted: anybody on the way can sign with it. Use https://`;
}

function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}
