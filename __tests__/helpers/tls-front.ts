import { request } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface TlsFront {
  port: number;
  /** Methods of the requests that came in over TLS. */
  methods: string[];
  stop(): Promise<void>;
}

/** TLS in front of a registry that speaks plain HTTP. @param target `HOST:PORT` */
export async function startTlsFront(target: string, options: ServerOptions): Promise<TlsFront> {
  const methods: string[] = [];
  const server = createServer(options, (incoming, outgoing) => {
    const { method = 'GET', url } = incoming;
    methods.push(method);
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' };
    const onward = request(`http://${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  // Clients that do not trust the certificate end the connection.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    methods,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
