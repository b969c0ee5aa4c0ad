import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers whatever it is asked as it is told. */
export class HostileServer {
  /** Body and status of all answers. */
  answer: { status: number; body: string | Buffer; type?: string; reason?: string } = {
    status: 500,
    body: '',
  };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { status, body, type = 'application/json', reason } = this.answer;
      request.resume().once('end', () => {
        response
          .writeHead(status, reason, { 'content-type': type })
          .end(request.method === 'HEAD' ? '' : body);
      });
    });
  }

  static async start(): Promise<HostileServer> {
    const hostile = new HostileServer();
    await new Promise<void>((resolve) => hostile.#server.listen(0, '127.0.0.1', resolve));
    return hostile;
  }

  /** `127.0.0.1:PORT` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
