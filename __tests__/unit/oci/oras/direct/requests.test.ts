import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { DirectRegistry } from '../../../../../src/oci/oras/direct/registry.ts';
import type { Place } from '../../../../../src/oci/oras/direct/requests.ts';

const LOGIN = { username: 'alice', secret: 'the password', source: 'an input', from: 'input' } as const;
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.secret}`).toString('base64')}`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

interface Host {
  name: string;
  /** `METHOD PATH AUTHORIZATION` of each request. */
  seen: string[];
}
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function host(
  answer: (request: IncomingMessage, response: ServerResponse, name: string) => void,
): Promise<Host> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
    request.resume();
    answer(request, response, name);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { name, seen };
}

async function open(name: string, login?: Place['login']): Promise<[DirectRegistry, Place]> {
  const signal = new AbortController().signal;
  const registry = await DirectRegistry.open({ plainHttp: true, env: {}, signal, timeout: 10_000 });
  return [registry, { repository: `${name}/app`, login }];
}

const demand = (response: ServerResponse, challenge: string): void =>
  void response.writeHead(401, { 'www-authenticate': challenge }).end('{}');

test('a host to which the registry redirects may not ask for its credentials', async () => {
  const foreign = await host((request, response, name) => {
    if (request.url?.startsWith('/token')) response.end('{"token":"stolen"}');
    else demand(response, `Bearer realm="http://${name}/token"`);
  });
  const { name } = await host((_request, response) => {
    response.writeHead(307, { location: `http://${foreign.name}/blob` }).end();
  });
  const [registry, place] = await open(name, LOGIN);
  await expect(registry.blob(place, DIGEST)).rejects.toThrow('status code 401');
  await expect(registry.blobStream(place, DIGEST)).rejects.toThrow('status code 401');
  expect(foreign.seen).toEqual(['GET /blob -', 'GET /blob -']);
});

test.each(['Basic realm="a"', 'Bearer realm="http://HOST/token"'])(
  'requests that are refused at the same time share new credentials: %s',
  async (challenge) => {
    const { name, seen } = await host((request, response, own) => {
      const { authorization } = request.headers;
      if (request.url?.startsWith('/token')) setTimeout(() => response.end('{"token":"T"}'), 50);
      else if (authorization === undefined) demand(response, challenge.replace('HOST', own));
      else response.end('content');
    });
    const [registry, place] = await open(name, LOGIN);
    const blobs = await Promise.all([1, 2, 3, 4].map(() => registry.blob(place, DIGEST)));
    expect(blobs.map(String)).toEqual(Array(4).fill('content'));
    expect(seen.filter((one) => one.includes('/token'))).toHaveLength(challenge.startsWith('Basic') ? 0 : 1);
    if (challenge.startsWith('Basic')) expect(seen.at(-1)).toContain(BASIC);
  },
);

test('a token is asked for what a request does, and for more when more is done', async () => {
  const { name, seen } = await host((request, response, own) => {
    const { method = '', headers, url = '' } = request;
    const needed = method === 'GET' ? 'pull' : 'pull,push';
    if (url.startsWith('/token')) {
      const scopes = new URL(url, 'http://x').searchParams.getAll('scope');
      response.end(JSON.stringify({ token: scopes.join(';') }));
    } else if (!headers.authorization?.includes(`${needed}`)) {
      demand(response, `Bearer realm="http://${own}/token",service="s"`);
    } else response.writeHead(method === 'GET' ? 404 : 201).end();
  });
  const [registry, place] = await open(name);
  await registry.pushManifest(place, { mediaType: 'a/b', digest: DIGEST }, Buffer.from('{}'));
  const tokens = seen.filter((one) => one.includes('/token'));
  expect(
    tokens.map((one) => new URL(one.split(' ')[1] ?? '', 'http://x').searchParams.getAll('scope')),
  ).toEqual([['repository:app:pull'], ['repository:app:pull,push']]);
});

test.each(['{"token":"a\\r\\nb: c"}', '{"token":""}', '{}'])('no usable token: %s', async (answer) => {
  const { name } = await host((request, response, own) => {
    if (request.url?.startsWith('/token')) response.end(answer);
    else demand(response, `Bearer realm="http://${own}/token"`);
  });
  const [registry, place] = await open(name, LOGIN);
  await expect(registry.blob(place, DIGEST)).rejects.toMatchObject({
    code: 'registry',
    message: `the token server of ${name} issued no usable token`,
  });
});

test('a wrong password is sent once', async () => {
  const { name, seen } = await host((_request, response) => demand(response, 'Basic realm="a"'));
  const [registry, place] = await open(name, LOGIN);
  await expect(registry.blob(place, DIGEST)).rejects.toThrow('status code 401');
  expect(seen.map((one) => one.includes(BASIC))).toEqual([false, true]);
});
