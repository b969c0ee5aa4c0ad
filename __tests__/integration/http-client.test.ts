import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpClient, type HttpClientOptions, type HttpRequest } from '../../src/lib/http/client.ts';
import { HttpError } from '../../src/lib/http/errors.ts';
import type { HttpResponse } from '../../src/lib/http/exchange.ts';
import { run, type ToolError } from '../../src/lib/process/run.ts';
import { CertificateMaker } from '../helpers/made-certificates.ts';
import { NO_PROXY_CASES } from '../helpers/no-proxy-cases.ts';
import { startRecordingProxy } from '../helpers/recording-proxy.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const folder = testFolder();
const stops: (() => Promise<void>)[] = [];
let ca: string;

beforeAll(async () => {
  const maker = new CertificateMaker(folder);
  await maker.make({ name: 'ca', extensions: ['basicConstraints=critical,CA:TRUE'] });
  const names = 'subjectAltName=DNS:server.test,DNS:proxy.test,IP:127.0.0.1';
  await maker.make({ name: 'server', issuer: 'ca', extensions: [names] });
  ca = readFileSync(maker.path('ca'), 'utf8');
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface TestServer {
  port: number;
  url: string;
  requests: IncomingMessage[];
  /** Connections that are open. */
  sockets: Set<Socket>;
}

function tlsFiles(): { key: Buffer; cert: Buffer } {
  return { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) };
}

async function serve(handle: Handler, tls = false): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const listen: Handler = (request, response) => {
    requests.push(request);
    handle(request, response);
  };
  const server: Server = tls ? createTlsServer(tlsFiles(), listen) : createServer(listen);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { port, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/start`, requests, sockets };
}

async function proxy(options: Parameters<typeof startRecordingProxy>[0]) {
  const started = await startRecordingProxy(options);
  stops.push(started.stop);
  return started;
}

function send(
  url: string,
  request: Partial<HttpRequest> = {},
  options: HttpClientOptions = {},
): Promise<HttpResponse> {
  const limits = { maxBytes: 1024, timeout: 10_000, signal: new AbortController().signal };
  return new HttpClient({ env: {}, ...options }).send(new URL(url), { ...limits, ...request });
}

/** The failure and the message with which it was refused. */
async function refusal(work: Promise<unknown>): Promise<HttpError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HttpError) return error;
  throw new Error('was not refused', { cause: error });
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 200; !condition(); left--) {
    if (left === 0) throw new Error('it did not come to that');
    await sleep(10);
  }
}

/** A port at which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('one request', () => {
  test('GET, and POST with a body; nothing compressed is asked for', async () => {
    const bodies: string[] = [];
    const server = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(200, { 'x-of': 'server' }).end('answer');
    });
    const got = await send(`${server.url}?q=1`, { headers: { accept: 'text/plain' } });
    expect(got).toMatchObject({ status: 200, headers: { 'x-of': 'server' } });
    expect([got.url.href, got.body.toString()]).toEqual([`${server.url}?q=1`, 'answer']);
    await send(server.url, { body: Buffer.from('question') });
    expect(bodies).toEqual(['', 'question']);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /start?q=1',
      'POST /start',
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      ...{ accept: 'text/plain', 'accept-encoding': 'identity', host: `127.0.0.1:${server.port}` },
    });
    expect(server.requests[1]?.headers).toMatchObject({ 'content-length': '8' });
  });

  test('a user and password in a URL are not sent', async () => {
    const server = await serve((_request, response) => response.end());
    await send(server.url.replace('//', '//user:secret@'));
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('exactly the limit is accepted; one byte more is not, and the server is not read further', async () => {
    const server = await serve(({ url }, response) => {
      if (url === '/exact') response.end(Buffer.alloc(1024));
      else if (url === '/over') response.end(Buffer.alloc(1025));
      else {
        const write = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
        };
        response.on('drain', write);
        write();
      }
    });
    const at = (path: string) => new URL(path, server.url).href;
    expect((await send(at('/exact'))).body).toHaveLength(1024);
    for (const path of ['/over', '/endless']) {
      expect(await refusal(send(at(path)))).toMatchObject({
        failure: 'too-large',
        message: 'sent an answer of more than 1 KiB',
      });
    }
    await until(() => server.sockets.size === 0);
  });

  test('a compressed answer is refused', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    });
    expect((await refusal(send(server.url))).failure).toBe('encoding');
  });

  test('a status other than 2xx is an answer; its body is read where that is wanted', async () => {
    const server = await serve((_request, response) => response.writeHead(404).end('not here'));
    const { status, body } = await send(server.url);
    expect([status, body.length]).toEqual([404, 0]);
    const read = await send(server.url, { errorBody: true });
    expect([read.status, read.body.toString()]).toEqual([404, 'not here']);
  });

  test('a connection that ends too early', async () => {
    const server = await serve(({ url, socket }, response) => {
      if (url === '/start') socket.destroy();
      else {
        response.writeHead(200, { 'content-length': '10' }).write('half');
        setTimeout(() => socket.destroy(), 20);
      }
    });
    expect(await refusal(send(server.url))).toMatchObject({
      ...{ failure: 'interrupted', code: 'ECONNRESET' },
      message: 'closed the connection without an answer (ECONNRESET)',
    });
    expect(await refusal(send(new URL('/half', server.url).href))).toMatchObject({
      ...{ failure: 'interrupted', message: 'broke off its answer (ECONNRESET)' },
    });
  });

  test('nobody there; no such host; no HTTP', async () => {
    expect(await refusal(send(`http://127.0.0.1:${await deadPort()}/`))).toMatchObject({
      ...{ failure: 'unreachable', message: 'cannot be reached (ECONNREFUSED)' },
    });
    expect((await refusal(send('http://server.invalid/'))).failure).toBe('unreachable');
    const smtp = createTcpServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => smtp.close(() => resolve())));
    const { port } = smtp.address() as AddressInfo;
    expect((await refusal(send(`http://127.0.0.1:${port}/`))).message).toMatch(
      /^does not answer in HTTP \(HPE_/,
    );
  });

  test('TLS: trusted by the private CA alone', async () => {
    const server = await serve((_request, response) => response.end('private'), true);
    expect(await refusal(send(server.url))).toMatchObject({
      failure: 'certificate',
      message: expect.stringMatching(/^has a TLS certificate that is not trusted \([A-Z_]+\)$/),
    });
    expect((await send(server.url, {}, { ca })).body.toString()).toBe('private');
    const plain = await serve((_request, response) => response.end());
    expect((await refusal(send(plain.url.replace('http:', 'https:'), {}, { ca }))).message).toMatch(
      /^does not speak TLS as expected/,
    );
  });

  test('connections: one for each request, or kept', async () => {
    const server = await serve(({ socket }, response) => response.end(`${socket.remotePort}`));
    const ports = async (client: HttpClient): Promise<Set<string>> => {
      const limits = { maxBytes: 1024, timeout: 10_000, signal: new AbortController().signal };
      const found = new Set<string>();
      for (let count = 0; count < 3; count++) {
        found.add((await client.send(new URL(server.url), limits)).body.toString());
      }
      return found;
    };
    expect((await ports(new HttpClient({ env: {} }))).size).toBe(3);
    expect((await ports(new HttpClient({ env: {}, connections: 4 }))).size).toBe(1);
  });
});

describe('the deadline', () => {
  test('no answer, an answer in drops, an endless chain of redirects', async () => {
    const server = await serve(({ url }, response) => {
      if (url === '/drops') {
        const timer = setInterval(() => response.write('x'), 20);
        response.once('close', () => clearInterval(timer));
      } else if (url?.startsWith('/hop')) {
        setTimeout(() => response.writeHead(302, { location: `/hop${Math.random()}` }).end(), 40);
      }
    });
    for (const path of ['/silence', '/drops', '/hop']) {
      const start = performance.now();
      const redirects = { limit: 1000, protocols: ['http:'] as const };
      const error = await refusal(send(new URL(path, server.url).href, { timeout: 200, redirects }));
      expect(error).toMatchObject({ failure: 'timeout', message: 'did not answer in 200 ms' });
      expect(performance.now() - start).toBeLessThan(1000);
    }
    await until(() => server.sockets.size === 0);
  });

  test('the caller’s signal ends it with its reason', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 50);
    await expect(send(server.url, { signal: controller.signal })).rejects.toThrow('stopped');
    await expect(send(server.url, { signal: controller.signal })).rejects.toThrow('stopped');
    await until(() => server.sockets.size === 0);
  });

  test('a request that waits for a free connection ends in time too', async () => {
    const server = await serve(() => undefined);
    const client = new HttpClient({ env: {}, connections: 1 });
    const limits = { maxBytes: 1, signal: new AbortController().signal };
    const first = refusal(client.send(new URL(server.url), { ...limits, timeout: 600 }));
    const start = performance.now();
    await refusal(client.send(new URL(server.url), { ...limits, timeout: 100 }));
    expect(performance.now() - start).toBeLessThan(500);
    await first;
  });
});

describe('redirects', () => {
  const redirects = { limit: 3, protocols: ['http:'] as const };

  function hop({ url }: IncomingMessage, response: ServerResponse): void {
    const left = Number(url?.slice(1) || 0);
    if (left === 0) response.end('there');
    else response.writeHead([301, 302, 303, 307, 308][left % 5] ?? 302, { location: `/${left - 1}` }).end();
  }

  test('as many as permitted', async () => {
    const server = await serve(hop);
    const at = (left: number) => send(`http://127.0.0.1:${server.port}/${left}`, { redirects });
    expect((await at(3)).body.toString()).toBe('there');
    expect((await at(3)).url.pathname).toBe('/0');
    expect(await refusal(at(4))).toMatchObject({
      failure: 'redirect',
      message: 'redirects more than 3 times',
    });
  });

  test('without permission, and for POST, the redirect is the answer', async () => {
    const server = await serve(hop);
    const url = `http://127.0.0.1:${server.port}/1`;
    expect((await send(url)).status).toBe(302);
    expect((await send(url, { body: Buffer.from('x'), redirects })).status).toBe(302);
    expect(server.requests).toHaveLength(2);
  });

  test('to another host no headers of the caller go', async () => {
    const other = await serve((_request, response) => response.end('other'));
    const server = await serve(({ url }, response) => {
      response.writeHead(302, { location: url === '/start' ? '/same' : other.url }).end();
    });
    const headers = { authorization: 'secret', 'x-vault-token': 'secret' };
    expect((await send(server.url, { headers, redirects })).body.toString()).toBe('other');
    expect(server.requests.map((request) => request.headers['x-vault-token'])).toEqual(['secret', 'secret']);
    expect(other.requests[0]?.headers).not.toMatchObject({ authorization: expect.anything() });
    expect(other.requests[0]?.headers).not.toMatchObject({ 'x-vault-token': expect.anything() });
  });

  test.each([
    ['https://127.0.0.1:9/', 'redirects to https://, which is not permitted'],
    ['ftp://127.0.0.1/', 'redirects to ftp://, which is not permitted'],
    ['http://', 'redirects to no usable address'],
  ])('to %s: refused', async (location, message) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    expect(await refusal(send(server.url, { redirects }))).toMatchObject({ failure: 'redirect', message });
  });
});

describe('Retry-After', () => {
  async function busy(after: (count: number) => string | undefined, status = 503): Promise<TestServer> {
    let count = 0;
    return serve((_request, response) => {
      const value = after(++count);
      if (value === undefined) response.end('at last');
      else response.writeHead(status, value === '' ? {} : { 'retry-after': value }).end();
    });
  }

  test.each([429, 503])('status %i: waited for, once', async (status) => {
    const server = await busy((count) => (count === 1 ? '1' : undefined), status);
    const start = performance.now();
    expect((await send(server.url, { retryAfter: 2000 })).body.toString()).toBe('at last');
    expect(performance.now() - start).toBeGreaterThan(990);
    const stubborn = await busy(() => '0', status);
    expect((await send(stubborn.url, { retryAfter: 2000 })).status).toBe(status);
    expect(stubborn.requests).toHaveLength(2);
  });

  test('as a date', async () => {
    const server = await busy((count) => {
      return count === 1 ? new Date(Date.now() + 1000).toUTCString() : undefined;
    });
    expect((await send(server.url, { retryAfter: 2000 })).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['is not wanted', '0', {}],
    ['is missing', '', { retryAfter: 2000 }],
    ['is too long', '3', { retryAfter: 2000 }],
    ['goes beyond the deadline', '2', { retryAfter: 5000, timeout: 1500 }],
  ])('that %s: the first answer counts, at once', async (_what, value, request) => {
    const server = await busy(() => value);
    const start = performance.now();
    expect((await send(server.url, request)).status).toBe(503);
    expect(performance.now() - start).toBeLessThan(900);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a proxy', () => {
  const SECRET = 'user:pa%20ss@';
  const settings = (host: string): Record<string, string> => ({
    http_proxy: `http://${SECRET}${host}`,
    HTTPS_PROXY: `http://${SECRET}${host}`,
  });

  test('http: it gets the whole URL, and its credentials go no further', async () => {
    const server = await serve((_request, response) => response.end('through'));
    const { host, seen } = await proxy({ routes: { 'server.test:80': server.port } });
    const answer = await send(
      'http://server.test/a?b=c',
      { body: Buffer.from('q') },
      { env: settings(host) },
    );
    expect(answer.body.toString()).toBe('through');
    const target = 'http://server.test/a?b=c';
    expect(seen).toEqual([{ method: 'POST', target, credentials: 'user:pa ss' }]);
    expect(server.requests[0]?.headers.host).toBe('server.test');
  });

  test('https: a tunnel, in it TLS to the server itself, with the private CA', async () => {
    const server = await serve((request, response) => {
      const { servername } = request.socket as unknown as { servername: string };
      response.end(`${servername} ${request.headers['proxy-authorization']}`);
    }, true);
    const routes = { 'server.test:8443': server.port, 'wrong.test:443': server.port };
    const { host, seen, open } = await proxy({ routes });
    const env = settings(host);
    const answer = await send('https://server.test:8443/', {}, { env, ca });
    expect(answer.body.toString()).toBe('server.test undefined');
    expect(seen).toEqual([{ method: 'CONNECT', target: 'server.test:8443', credentials: 'user:pa ss' }]);
    expect((await refusal(send('https://server.test:8443/', {}, { env }))).failure).toBe('certificate');
    expect(await refusal(send('https://wrong.test/', {}, { env, ca }))).toMatchObject({
      ...{ failure: 'certificate', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    await until(() => open() === 0);
  });

  test('that speaks TLS itself: a CA given for the server does not vouch for it', async () => {
    const { host, seen } = await proxy({ tls: tlsFiles() });
    const env = { http_proxy: `https://${host}`, https_proxy: `https://${host}` };
    for (const url of ['http://server.test/', 'https://server.test/']) {
      expect((await refusal(send(url, {}, { env, ca }))).message).toMatch(
        /^cannot be reached: the proxy https:\/\/127\.0\.0\.1:\d+ \(https?_proxy\) has a TLS certificate that is not trusted/,
      );
    }
    expect(seen).toEqual([]);
  });

  test.each(['http://server.test/', 'https://server.test/'])('%s: it refuses', async (url) => {
    const variable = url.startsWith('https') ? 'HTTPS_PROXY' : 'http_proxy';
    const wants = await proxy({ answer: 407 });
    const error = await refusal(send(url, {}, { env: settings(wants.host) }));
    expect(error).toMatchObject({
      failure: 'proxy',
      message: `cannot be reached: the proxy http://${wants.host} (${variable}) demands other credentials (status 407)`,
      remedy: expect.stringContaining(variable),
    });
    const nobody = await proxy({});
    if (url.startsWith('https')) {
      const refused = await refusal(send(url, {}, { env: settings(nobody.host) }));
      expect(refused.message).toContain(`${nobody.host} (HTTPS_PROXY) answered with status 502`);
    } else {
      // Nothing tells the proxy's status from the server's.
      expect((await send(url, {}, { env: settings(nobody.host) })).status).toBe(502);
    }
  });

  test.each(['http://server.test/', 'https://server.test/'])('%s: it cannot be reached', async (url) => {
    const host = `127.0.0.1:${await deadPort()}`;
    const error = await refusal(send(url, {}, { env: settings(host) }));
    const variable = url.startsWith('https') ? 'HTTPS_PROXY' : 'http_proxy';
    expect(error).toMatchObject({
      failure: 'proxy',
      code: 'ECONNREFUSED',
      message: `cannot be reached: the proxy http://${host} (${variable}) cannot be reached (ECONNREFUSED)`,
    });
    for (const text of [error.message, `${error.remedy}`, `${error.cause}`, JSON.stringify(error)]) {
      expect(text).not.toMatch(/pa.{0,3}ss\b/);
    }
  });

  test.each(['http://server.test/', 'https://server.test/'])('%s: it stays silent', async (url) => {
    const { host, seen, open } = await proxy({ answer: 'silence' });
    const start = performance.now();
    const error = await refusal(send(url, { timeout: 200 }, { env: settings(host) }));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(error.failure).toBe('timeout');
    expect(error.message).toMatch(
      /^did not answer in 200 ms, asked through the proxy http:\/\/127\.0\.0\.1:\d+ \(/,
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 50);
    await expect(send(url, { signal: controller.signal }, { env: settings(host) })).rejects.toThrow(
      'stopped',
    );
    expect(seen).toHaveLength(2);
    await until(() => open() === 0);
  });

  test('NO_PROXY, for each address that is asked', async () => {
    const server = await serve(({ url }, response) => {
      if (url === '/start') response.end('direct');
      else response.writeHead(302, { location: `http://127.0.0.1:${server.port}/start` }).end();
    });
    const { host, seen } = await proxy({ routes: { 'server.test:80': server.port } });
    const env = { ...settings(host), no_proxy: '127.0.0.0/8' };
    expect((await send(server.url, {}, { env })).body.toString()).toBe('direct');
    expect(seen).toEqual([]);
    const redirects = { limit: 1, protocols: ['http:'] as const };
    expect((await send('http://server.test/', { redirects }, { env })).body.toString()).toBe('direct');
    expect(seen.map(({ target }) => target)).toEqual(['http://server.test/']);
  });

  test('that is none is refused without its value', async () => {
    const error = await refusal(
      send('https://server.test/', {}, { env: { HTTPS_PROXY: 'socks5://u:secret@p' } }),
    );
    expect(error).toMatchObject({
      ...{
        failure: 'proxy-setting',
        message: 'cannot be reached: HTTPS_PROXY is not the URL of an HTTP proxy',
      },
    });
  });
});

describe('NO_PROXY is read as oras reads it', () => {
  /** oras takes no spaces between entries, and not `.DOMAIN` for the domain itself; curl and Node do. */
  const DIFFERENT = new Set(['b.example a.example', '.a.example for http://a.example/']);
  const names = NO_PROXY_CASES.filter(([url, list]) => {
    return url.startsWith('http://') && /\.example[:/]/.test(url) && list.trim() !== '*';
  });

  test.each(names)('%s with "%s": %s', async (url, list, exempt) => {
    const { host } = new URL(url);
    const env = {
      ...toolEnvironment({ HOME: folder, NO_PROXY: list }),
      http_proxy: `http://127.0.0.1:${await deadPort()}`,
    };
    const argv = [toolPath('oras'), 'manifest', 'fetch', '--plain-http', `${host}/app:1`];
    const { stderr } = await run(argv, { env, timeout: 300_000 }).then(
      () => ({ stderr: 'no error' }),
      (error: ToolError) => error,
    );
    expect(stderr).toMatch(/proxyconnect|lookup/);
    const differs = DIFFERENT.has(list) || DIFFERENT.has(`${list} for ${url}`);
    expect(!stderr.includes('proxyconnect')).toBe(differs ? !exempt : exempt);
  });
});
