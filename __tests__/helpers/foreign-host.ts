import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What arrived at the host. */
export interface Arrived {
  method: string;
  path: string;
  authorization: string | undefined;
}

export interface ForeignHost {
  port: number;
  arrived: Arrived[];
  stop(): Promise<void>;
}

/**
 * A host to which a hostile registry sends its clients. It serves `contents` by path; it asks for
 * credentials once for every other path, as an attacker would, and then accepts anything.
 */
export async function startForeignHost(
  contents: (path: string) => Promise<Buffer | undefined>,
): Promise<ForeignHost> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request;
    const asked = arrived.some((seen) => seen.path === path);
    arrived.push({ method, path, authorization: request.headers.authorization });
    request.resume();
    request.once('end', async () => {
      const content = await contents(path);
      if (content !== undefined) response.writeHead(200, { 'content-length': content.length }).end(content);
      else if (asked) response.writeHead(201).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="yours"' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    arrived,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
