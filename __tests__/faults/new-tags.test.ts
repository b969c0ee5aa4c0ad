/** Fault 95: push-to of a tag that is not there yet, in registries that oras reaches by rules of Go. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { CA, CertificateMaker } from '../helpers/made-certificates.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { startTlsFront, type TlsFront } from '../helpers/tls-front.ts';
import { toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const file = (name: string): string => join(folder, name);
const authorities = file('authorities');
let registry: TestRegistry;
let front: TlsFront;
let tags = 0;

beforeAll(async () => {
  const maker = new CertificateMaker(folder);
  await maker.make({ name: 'ca', extensions: CA });
  await maker.make({ name: 'server', issuer: 'ca', extensions: ['subjectAltName=IP:127.0.0.1'] });
  mkdirSync(authorities);
  writeFileSync(join(authorities, 'ca.pem'), readFileSync(file('ca.pem')));
  registry = await startRegistry('fallback-tag');
  const [key, cert] = ['server.key', 'server.pem'].map((name) => readFileSync(file(name)));
  front = await startTlsFront(registry.host, { key, cert });
  await writeVectorImage(file('layout'), ['simple-gzip']);
});
afterAll(async () => {
  await front.stop();
  await registry.stop();
});

async function push(host: string, env: Record<string, string>, ...more: string[]): Promise<void> {
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  tags += 1;
  const argv = ['sign', `oci:${file('layout')}`, '--push-to', `${host}/new/app-${tags}:1`];
  const common = ['--key', keyPath, '--certificate', chainPath, '--oras-path', toolPath('oras')];
  const { status, stderr } = await cli([...argv, ...common, ...more], { env: { HOME: folder, ...env } });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
}

test('the authority of the registry is in a folder of the system', () =>
  push(`127.0.0.1:${front.port}`, { SSL_CERT_DIR: authorities }));

test('plain HTTP at localhost, without plain-http', () =>
  push(registry.host.replace('127.0.0.1', 'localhost'), {}));

test.each(['http://127.0.0.1:9', 'socks5://127.0.0.1:9'])('a proxy for other hosts: %s', (proxy) =>
  push(registry.host, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, '--plain-http'),
);
