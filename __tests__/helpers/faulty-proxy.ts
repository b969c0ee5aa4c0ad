import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';

/** The fault of the proxy for a request. */
export type Fault =
  | { status: number; body?: string | Buffer; headers?: Record<string, string> }
  /** Resets the connection before any answer. */
  | 'reset'
  /** Never answers. */
  | 'silence'
  /** Passes the request on and resets the connection after this many bytes of the answer's body. */
  | { cutAfter: number }
  /** Passes the request on and answers with a changed body. */
  | { change: (body: Buffer) => Buffer }
  /** Passes the request on to another path. */
  | { path: string }
  /** Passes the request on and answers without these headers; without content-length in chunks. */
  | { without: readonly string[] }
  /** Passes the request on and answers with other values of these headers. */
  | { headers: Readonly<Record<string, string>>; without?: readonly string[] }
  /** Passes the request on only when this has resolved. */
  | { until: Promise<unknown> };

export interface SeenRequest {
  method: string;
  path: string;
  /** Number of requests with this method and path, including this one. */
  times: number;
  authorization: string | undefined;
}

export interface FaultyProxy {
  /** `127.0.0.1:PORT` */
  host: string;
  requests: SeenRequest[];
  stop(): Promise<void>;
}

/** An HTTP proxy before a real registry that fails some requests. */
export async function startFaultyProxy(
  target: string,
  decide: (request: SeenRequest) => Fault | undefined,
): Promise<FaultyProxy> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '' } = incoming;
    const times = requests.filter((seen) => seen.method === method && seen.path === path).length + 1;
    const seen = { method, path, times, authorization: incoming.headers.authorization };
    requests.push(seen);
    const fault = decide(seen);
    if (fault === 'silence') incoming.resume();
    else if (fault === 'reset') incoming.socket.resetAndDestroy();
    else if (fault !== undefined && 'status' in fault) {
      incoming.resume();
      incoming.once('end', () => {
        outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
        outgoing.end(method === 'HEAD' ? undefined : fault.body);
      });
    } else if (fault !== undefined && 'until' in fault) {
      void fault.until.then(() => forward(target, incoming, outgoing, undefined));
    } else forward(target, incoming, outgoing, fault);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Exclude<Fault, 'reset' | 'silence' | { status: number } | { until: unknown }> | undefined,
): void {
  const { method, headers } = incoming;
  const url = fault !== undefined && 'path' in fault ? fault.path : incoming.url;
  // Keeps the client's Host header, so that upload locations lead through the proxy.
  const onward = request(`http://${target}${url}`, { method: method ?? 'GET', headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.once('end', () => {
      const whole = Buffer.concat(chunks);
      const { 'content-length': length, 'transfer-encoding': _encoding, ...rest } = answer.headers;
      const body = fault !== undefined && 'change' in fault ? fault.change(whole) : whole;
      const kept: OutgoingHttpHeaders = {
        ...rest,
        'content-length': method === 'HEAD' ? length : body.length,
      };
      for (const name of fault !== undefined && 'without' in fault ? (fault.without ?? []) : [])
        delete kept[name];
      if (fault !== undefined && 'headers' in fault) Object.assign(kept, fault.headers);
      outgoing.writeHead(answer.statusCode ?? 500, kept);
      if (fault !== undefined && 'cutAfter' in fault) {
        outgoing.write(body.subarray(0, fault.cutAfter), () => incoming.socket.resetAndDestroy());
      } else outgoing.end(body);
    });
  });
  onward.once('error', () => incoming.socket.resetAndDestroy());
  incoming.pipe(onward);
}
