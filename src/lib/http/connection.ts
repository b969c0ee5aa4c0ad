import { type ClientRequest, type Agent as HttpAgent, request as httpRequest } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type SecureContext, connect as tlsConnect } from 'node:tls';
import type { HttpProxy } from './proxy.ts';

/** What the requests of one client have in common. */
export interface Connections {
  http: HttpAgent;
  https: HttpsAgent;
  tls: TlsFiles;
}

/** What TLS takes, in PEM. */
export interface TlsFiles {
  /** Authorities that are trusted instead of the system's. */
  ca?: string | undefined;
  /** By which this client identifies itself. */
  cert?: string | undefined;
  key?: string | undefined;
  /** Instead of all of these: read once, for all connections. */
  secureContext?: SecureContext | undefined;
}

export interface RequestHead {
  method: string;
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** A user and password in a URL are not sent: no caller means them, and a redirect may have any. */
const NO_USER = { auth: '' };

/** Begins a request straight to the server. The caller sends the body, as for all of these. */
export function direct(url: URL, head: RequestHead, { http, https, tls }: Connections): ClientRequest {
  return url.protocol === 'https:'
    ? httpsRequest(url, { ...head, ...NO_USER, ...given(tls), agent: https })
    : httpRequest(url, { ...head, ...NO_USER, agent: http });
}

/** Begins a request to an `https:` URL on a tunnel, which serves this one request. */
export function tunnelled(url: URL, socket: Socket, head: RequestHead, tls: TlsFiles): ClientRequest {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const servername = isIP(host) === 0 ? host : '';
  const createConnection = () =>
    tlsConnect({ socket, host, servername, ALPNProtocols: ['http/1.1'], ...given(tls) });
  // Without an agent, Node would name port 80 in the Host header.
  return httpsRequest(url, { ...head, ...NO_USER, defaultPort: 443, createConnection });
}

/** Begins a request to an `http:` URL at the proxy, which is given the whole URL. [RFC 9112, 3.2.2] */
export function forwarded(
  url: URL,
  { protocol, host, port, authorization }: HttpProxy,
  head: RequestHead,
  { http, https }: Connections,
): ClientRequest {
  const credentials = authorization !== undefined && { 'proxy-authorization': authorization };
  const request = {
    ...{ ...head, host, port, path: `${url.origin}${url.pathname}${url.search}` },
    headers: { ...head.headers, host: url.host, ...credentials },
  };
  return protocol === 'https:'
    ? httpsRequest({ ...request, agent: https })
    : httpRequest({ ...request, agent: http });
}

function given(files: TlsFiles): Record<string, string | SecureContext> {
  return Object.fromEntries(Object.entries(files).filter(([, one]) => one !== undefined));
}
