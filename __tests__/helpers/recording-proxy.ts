/** An HTTP proxy on loopback that writes down what it is asked for. */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ProxiedRequest {
  /** `CONNECT`, or the method of a request that is passed on. */
  method: string;
  /** `HOST:PORT` for CONNECT, else the whole URL. */
  target: string;
  /** User and password in plain text. */
  credentials: string | undefined;
}

export interface RecordingProxy {
  /** `HOST:PORT` */
  host: string;
  seen: ProxiedRequest[];
  /** Connections that are open. */
  open: () => number;
  stop(): Promise<void>;
}

export interface RecordingOptions {
  /** The port on loopback at which a host (`NAME:PORT`) is. Hosts that are not named get a 502. */
  routes?: Readonly<Record<string, number>>;
  /** A status to answer with instead of passing anything on; `silence` to answer nothing. */
  answer?: number | 'silence';
  /** Speak TLS to the client. */
  tls?: { key: Buffer; cert: Buffer };
}

export async function startRecordingProxy(options: RecordingOptions = {}): Promise<RecordingProxy> {
  const { routes = {}, answer, tls } = options;
  const seen: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const record = ({ method = '', url = '', headers }: IncomingMessage): string => {
    const given = headers['proxy-authorization']?.replace(/^Basic /, '');
    const credentials = given === undefined ? undefined : Buffer.from(given, 'base64').toString();
    seen.push({ method, target: url, credentials });
    return url;
  };
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const url = URL.parse(record(incoming));
    const port = url === null ? undefined : routes[`${url.hostname}:${url.port || 80}`];
    if (answer === 'silence') return;
    if (url === null || port === undefined || answer !== undefined) {
      outgoing.writeHead(answer ?? 502).end('refused by the proxy');
      return;
    }
    const path = `${url.pathname}${url.search}`;
    const { method = 'GET', headers } = incoming;
    const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server: Server = tls === undefined ? createServer(pass) : createTlsServer(tls, pass);
  server.on('connection', keep).on('secureConnection', keep);
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    const port = routes[record(incoming)];
    if (answer === 'silence') {
      // Its connection closes when the client gives up.
      client.resume().once('end', () => client.destroy());
      return;
    }
    if (port === undefined || answer !== undefined) {
      const status = answer ?? 502;
      client.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n\r\n`);
      return;
    }
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    keep(onward);
    onward.once('close', () => client.destroy());
    client.once('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    open: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
