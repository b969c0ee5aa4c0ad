import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { proxyFailure, proxyRefusal } from './failures.ts';
import type { HttpProxy } from './proxy.ts';

/** For agents: no proxy of Node's own choice, which NODE_USE_ENV_PROXY would turn on. */
export const DIRECT = { proxyEnv: {} };

/**
 * A connection through the proxy to the server of an `https:` URL, without TLS yet. Node's agents can make
 * one too, but a proxy that accepts the connection and stays silent keeps them waiting past any signal.
 * [RFC 9110, 9.3.6]
 * @throws HttpError 'proxy', also after the signal
 */
export function openTunnel(url: URL, proxy: HttpProxy, signal: AbortSignal): Promise<Socket> {
  const { protocol, host, port, authorization } = proxy;
  const target = `${url.hostname}:${url.port || 443}`;
  const tls = protocol === 'https:';
  const request = (tls ? httpsRequest : httpRequest)({
    ...{ host, port, signal, method: 'CONNECT', path: target },
    headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    agent: tls ? new HttpsAgent(DIRECT) : new HttpAgent(DIRECT),
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(proxyFailure(error, url, proxy));
    request.on('error', fail);
    request.once('connect', ({ statusCode: status = 0 }, socket: Socket, head) => {
      // TLS, once it is on top, hears of errors as well; the socket must never be without a listener.
      socket.on('error', fail);
      if (status === 200 && !signal.aborted) {
        socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(proxyRefusal(status, url, proxy));
    });
    request.end();
  });
}
