/**
 * How oras, as a program in Go, reaches a server. What oras can use, DirectRegistry is to reach as well.
 */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Whether a registry is asked in plain HTTP though nobody said so. [oras, Remote.isPlainHTTP] */
export function isPlainByItself(host: string): boolean {
  return /^localhost(?::\d+)?$/.test(host);
}

/** The variables of proxies, by which none serves this machine itself. [Go httpproxy, Config.ProxyForURL] */
export function loopbackWithoutProxy(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const exempted = env.no_proxy || env.NO_PROXY;
  return { ...env, no_proxy: [...(exempted ? [exempted] : []), 'localhost', '127.0.0.0/8', '::1'].join(',') };
}

/**
 * Trusts the authorities of the system, with those in SSL_CERT_FILE and SSL_CERT_DIR, in addition to Node's own.
 * Reading them takes up to 100 ms.
 * @param client a certificate by which this client identifies itself, and its key, in PEM
 */
export function trustingTheSystem(client: {
  cert: string | undefined;
  key: string | undefined;
}): SecureContext {
  const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const given = Object.entries(client).filter(([, pem]) => pem !== undefined);
  return createSecureContext({ ca, ...Object.fromEntries(given) });
}
