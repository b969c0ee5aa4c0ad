/** Secrets that come by standard input, of which a parent in Node makes a socket. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let keys: Pki;
let server: Server;
const requests: string[] = [];

beforeAll(async () => {
  keys = await pki();
  server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const certificate = (): string => keys.leaf('p256').fullChainPath;
const key = (): string => readFileSync(keys.leaf('p256').keyPath, 'utf8');
const host = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

test('a key', async () => {
  const layout = join(folder, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  const run = await cli(['sign', `oci:${layout}`, '--key', '/dev/stdin', '--certificate', certificate()], {
    stdin: key(),
  });
  expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining('signed and attached') });
});

test.each(['-', '/dev/stdin', '/dev/fd/0'])('a password, by the name %s', async (name) => {
  requests.length = 0;
  const options = [
    '--registry-username',
    'ci',
    '--registry-password',
    name,
    '--plain-http',
    '--timeout',
    '20s',
  ];
  const run = await cli(['inspect', `${host()}/app:1`, ...options], { stdin: 'pass word\n' });
  expect(run.status).toBe(6);
  expect(requests.at(-1)).toContain(`Basic ${Buffer.from('ci:pass word').toString('base64')}`);
});

test.each(['-', '/dev/stdin', '/proc/self/fd/0'])('the key is no password, by the name %s', async (name) => {
  requests.length = 0;
  const options = ['--registry-username', 'ci', '--registry-password', name, '--plain-http'];
  const args = ['sign', `${host()}/app:1`, '--key', '/dev/stdin', '--certificate', certificate(), ...options];
  const { status, stderr } = await cli(args, { stdin: key() });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/option --\S+: option --\S+ reads standard input, which can be read once/),
  });
  expect(requests).toEqual([]);
});

test('two registries do not get one password', async () => {
  requests.length = 0;
  const lines = [`${host()}=ci:/dev/stdin`, 'other.example=ci:/dev/stdin'];
  const args = ['inspect', `${host()}/app:1`, ...lines.flatMap((line) => ['--registry-credentials', line])];
  const { status, stderr } = await cli([...args, '--plain-http'], { stdin: 'pass word\n' });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('which can be read once'),
  });
  expect(requests).toEqual([]);
});
