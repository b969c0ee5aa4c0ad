import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A file, a status without a file, a file whose connection breaks in the middle, or one that waits there. */
type Served = Buffer | number | { brokenOff: Buffer } | Held;

interface Held {
  held: Buffer;
  /** Called when the first half is sent. */
  begun(): void;
  /** The second half follows when this resolves. */
  until: Promise<void>;
}

/** A server on loopback that serves files as a mirror does. As an HTTP proxy it connects to itself only. */
export class Mirror {
  /** Path → answer; other paths are 404. */
  readonly files = new Map<string, Served>();
  /** Requested paths, in order. */
  readonly asked: string[] = [];
  /** `host:port` of each CONNECT. */
  readonly tunnels: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#note(request);
      const served = this.files.get(request.url ?? '') ?? 404;
      if (typeof served === 'number') response.writeHead(served).end();
      else if (Buffer.isBuffer(served)) response.writeHead(200).end(served);
      else if ('held' in served) {
        response.writeHead(200, { 'content-length': served.held.length });
        const half = served.held.length / 2;
        response.write(served.held.subarray(0, half), () => served.begun());
        void served.until.then(() => response.end(served.held.subarray(half)));
      } else {
        const { brokenOff } = served;
        response.writeHead(200, { 'content-length': brokenOff.length });
        response.write(brokenOff.subarray(0, brokenOff.length / 2), () => response.destroy());
      }
    });
    this.#server.on('connect', (request: IncomingMessage, client) => {
      this.tunnels.push(request.url ?? '');
      const inner = connect(this.#port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(inner).pipe(client);
      });
      for (const socket of [inner, client]) socket.on('error', () => inner.destroy());
    });
  }

  static async start(): Promise<Mirror> {
    const mirror = new Mirror();
    await new Promise<void>((resolve) => mirror.#server.listen(0, '127.0.0.1', resolve));
    return mirror;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #note(request: IncomingMessage): void {
    this.asked.push(request.url ?? '');
  }
}
