/**
 * The network for a child process with these proxy settings: the hosts of a cloud by their real names and
 * over TLS, served on loopback. No other host is reachable through it.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../pki.ts';

export interface CloudRequest {
  host: string;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Number of requests with this host, method and path, including this one. */
  times: number;
}

export type CloudAnswer =
  | { status: number; json: unknown; headers?: Record<string, string> }
  /** Closes the connection. */
  | 'reset'
  /** Never answers. */
  | 'silence'
  /** Sends the head of an answer, and nothing more. */
  | 'stall';

/** One service. It refuses what the real one refuses. */
export type CloudService = (request: CloudRequest) => CloudAnswer | Promise<CloudAnswer>;

export interface CloudNetwork {
  /** For the child process. */
  env: Record<string, string>;
  requests: CloudRequest[];
  /** Requested hosts that do not exist. */
  refused: string[];
  stop(): Promise<void>;
}

/** @param services By host name; `*.` stands for one label. */
export async function startCloudNetwork(services: Record<string, CloudService>): Promise<CloudNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-network-'));
  const requests: CloudRequest[] = [];
  const refused: string[] = [];
  const serviceOf = (host: string): CloudService | undefined =>
    services[host] ?? services[`*.${host.split('.').slice(1).join('.')}`];

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, url: URL): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '' } = incoming;
    const host = url.hostname;
    const earlier = requests.filter(
      (one) => one.host === host && one.method === method && one.path === url.pathname,
    );
    const request: CloudRequest = {
      ...{ host, method, path: url.pathname, query: url.searchParams, headers: incoming.headers },
      ...{ body: Buffer.concat(chunks), times: earlier.length + 1 },
    };
    requests.push(request);
    const service = serviceOf(host);
    if (service === undefined) throw new Error(`no service for ${host}`);
    const said = await service(request);
    if (said === 'silence') return;
    if (said === 'stall') {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '400' });
      outgoing.write('{');
      return;
    }
    if (said === 'reset') {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(said.status, { 'content-type': 'application/json; charset=utf-8', ...said.headers });
    outgoing.end(JSON.stringify(said.json));
  };
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse, base: string): void => {
    answer(incoming, outgoing, new URL(incoming.url ?? '', base)).catch((error: Error) => {
      outgoing.writeHead(599, { 'content-type': 'text/plain' });
      outgoing.end(`contract server: ${error.stack}`);
    });
  };

  const tls = createTlsServer(await certificates(folder, Object.keys(services)), (incoming, outgoing) =>
    handle(incoming, outgoing, `https://${incoming.headers.host}`),
  );
  const proxy = createServer((incoming, outgoing) => handle(incoming, outgoing, incoming.url ?? ''));
  const sockets = new Set<Socket>();
  proxy.on('connection', (socket) => sockets.add(socket));
  tls.on('connection', (socket: Socket) => sockets.add(socket));
  proxy.on('connect', (incoming, client, head) => {
    const host = (incoming.url ?? '').replace(/:\d+$/, '');
    client.on('error', () => undefined);
    if (serviceOf(host) === undefined) {
      refused.push(host);
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const upstream = connect((tls.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    sockets.add(upstream);
  });
  await Promise.all(
    [tls, proxy].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
  );
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    env: {
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    },
    requests,
    refused,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      tls.close();
      proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A throw-away CA, `ca.pem`, and one certificate for all the hosts. */
async function certificates(
  folder: string,
  hosts: readonly string[],
): Promise<{ key: Buffer; cert: Buffer }> {
  const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(',');
  const config = [
    '[req]\ndistinguished_name=dn\n[dn]',
    '[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign',
    `[host]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=${names}`,
  ];
  await writeFile(join(folder, 'openssl.cnf'), `${config.join('\n')}\n`);
  const make = (name: string, extensions: string, issuer: string[]) =>
    openssl(
      [
        ...[
          'req',
          '-x509',
          '-config',
          'openssl.cnf',
          '-extensions',
          extensions,
          '-subj',
          `/CN=${name}`,
          '-days',
          '2',
        ],
        ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`],
        ...['-out', `${name}.pem`, ...issuer],
      ],
      folder,
    );
  await make('ca', 'ca', []);
  await make('host', 'host', ['-CA', 'ca.pem', '-CAkey', 'ca.key']);
  return { key: await readFile(join(folder, 'host.key')), cert: await readFile(join(folder, 'host.pem')) };
}
