import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RevocationServers } from '../../../../../src/signatures/notary/revocation/servers.ts';

const { signal } = new AbortController();
const LIST_BYTES = 1000;
const LONG = 3_600_000;
const asked: string[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    asked.push(path);
    if (path === '/missing') response.writeHead(404).end();
    else response.end(Buffer.alloc(LIST_BYTES, path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const over = (seconds: number) => ({
  code: 'environment',
  message: `no more revocation servers are asked: those of this image took more than ${seconds} s`,
});

test('once the time is over no request begins; lists that are there still count', async () => {
  const servers = new RevocationServers(signal, { time: 200, keptBytes: 10 * LIST_BYTES });
  await servers.during(async () => {
    await servers.list(`${url}/a`);
    await sleep(250);
    await expect(servers.list(`${url}/b`)).rejects.toMatchObject(over(0.2));
    await expect(servers.askResponder(`${url}/c`, Buffer.from('question'))).rejects.toMatchObject(over(0.2));
    expect(await servers.list(`${url}/a`)).toHaveLength(LIST_BYTES);
  });
  expect(asked).toEqual(['/a']);
});

test('the time of a run is that of its checks, counted once where they overlap', async () => {
  const servers = new RevocationServers(signal, { time: 1000, keptBytes: 10 * LIST_BYTES });
  await sleep(1100);
  await Promise.all([1, 2, 3].map(() => servers.during(() => sleep(400))));
  await servers.during(() => servers.list(`${url}/a`));
  await servers.during(() => sleep(700));
  await expect(servers.during(() => servers.list(`${url}/b`))).rejects.toMatchObject(over(1));
  expect(asked).toEqual(['/a']);
});

test('lists are kept up to a number of bytes: the one that was needed last is dropped last', async () => {
  const servers = new RevocationServers(signal, { time: LONG, keptBytes: 2 * LIST_BYTES });
  for (const path of ['/a', '/b', '/a', '/c', '/a', '/b', '/a']) {
    expect(Buffer.from(await servers.list(url + path))).toEqual(Buffer.alloc(LIST_BYTES, path));
  }
  expect(asked).toEqual(['/a', '/b', '/c', '/b']);
});

test('a list is fetched once where several certificates need it at the same time', async () => {
  const servers = new RevocationServers(signal, { time: LONG, keptBytes: 0 });
  await Promise.all([servers.list(`${url}/a`), servers.list(`${url}/a`)]);
  expect(asked).toEqual(['/a']);
  await servers.list(`${url}/a`);
  expect(asked).toEqual(['/a', '/a']);
});

test('a list that cannot be fetched is not asked for again', async () => {
  const servers = new RevocationServers(signal, { time: LONG, keptBytes: 0 });
  for (let count = 0; count < 2; count++) {
    await expect(servers.list(`${url}/missing`)).rejects.toMatchObject({ code: 'environment' });
  }
  await servers.list(`${url}/a`);
  await expect(servers.list(`${url}/missing`)).rejects.toMatchObject({ code: 'environment' });
  expect(asked).toEqual(['/missing', '/a']);
});
