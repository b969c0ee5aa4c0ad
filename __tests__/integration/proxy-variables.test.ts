/** Whole runs whose servers have names that only a proxy knows, on the oldest Node and on this one. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type CliResult, cli } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { certify } from '../helpers/kms/certified.ts';
import { CREDENTIALS, type Moto, type MotoKey, REGION, startMoto } from '../helpers/kms/moto.ts';
import { startVault, type VaultServer } from '../helpers/kms/vault-server.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { Notation } from '../helpers/notary.ts';
import {
  type RecordingOptions,
  type RecordingProxy,
  startRecordingProxy,
} from '../helpers/recording-proxy.ts';
import {
  type RevocationServer,
  revocationList,
  startRevocationServer,
} from '../helpers/revocation-server.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { startTsa, type TestTsa } from '../helpers/tsa.ts';

const NODES = [
  ['the oldest Node', toolPath('node-oldest')],
  ['this Node', process.execPath],
] as const;
const POLICY = ['--trust-policy', 'notation', '--trust-policy-scope', 'local/test', '--layers', 'none'];

const folder = testFolder();
const maker = new CertificateMaker(folder);
let writer: ImageWriter;
let tsa: TestTsa;
let revocation: RevocationServer;
let vault: VaultServer;
let moto: Moto;
let awsKey: MotoKey;
let routes: Record<string, number>;
const proxies: RecordingProxy[] = [];
const stops: (() => void)[] = [];

beforeAll(async () => {
  for (const name of ['ca', 'tsaRoot', 'privateCa']) await maker.make({ name, extensions: CA });
  const names = 'subjectAltName=DNS:tsa.test,DNS:vault.test,DNS:kms.test,IP:127.0.0.1';
  await maker.make({ name: 'server', issuer: 'privateCa', extensions: [names] });
  const info = 'authorityInfoAccess=OCSP;URI:http://ocsp.test/ocsp/ca';
  const point = 'crlDistributionPoints=URI:http://crl.test/empty.crl';
  await maker.make({ name: 'signer', issuer: 'ca', extensions: [...SIGNER, info, point] });
  tsa = await startTsa(maker, { issuer: 'tsaRoot' });
  revocation = await startRevocationServer(maker, 'ca');
  // The responder does not know the signer, so that the list is asked for as well.
  revocation.responders.set('ca', { good: [], revoked: [], signer: 'ca', days: 1 });
  revocation.lists.set('/empty.crl', await revocationList(maker, { revoked: [], issuer: 'ca', number: 1 }));
  vault = await startVault();
  const key = await vault.createKey('main', 'ecdsa-p256');
  if (key === undefined) throw new TypeError('no public key');
  writeFileSync(join(folder, 'vault.pem'), (await certify(key)).pem);
  moto = await startMoto();
  awsKey = await moto.createKey('ECC_NIST_P256');
  if (awsKey.publicKey === undefined) throw new TypeError('no public key');
  writeFileSync(join(folder, 'aws.pem'), (await certify(awsKey.publicKey)).pem);
  writer = await ImageWriter.create();
  await writer.add(await writer.image({ layers: [{ bytes: Buffer.alloc(1024) }] }), 'app');
  const notation = new Notation(join(folder, 'home'));
  await notation.configure({ 'ca:test': [maker.path('ca')] });
  const portOf = (url: string): number => Number(new URL(url).port);
  routes = {
    'tsa.test:80': portOf(tsa.url),
    'tsa.test:443': await tlsBefore(portOf(tsa.url)),
    'ocsp.test:80': portOf(revocation.url),
    'crl.test:80': portOf(revocation.url),
    [moto.host]: portOf(`http://${moto.host}`),
    'kms.test:443': await tlsBefore(portOf(`http://${moto.host}`)),
    'vault.test:8200': portOf(`http://${vault.host}`),
    'vault.test:8201': await tlsBefore(portOf(`http://${vault.host}`)),
  };
});

afterEach(async () => {
  for (const one of proxies.splice(0)) await one.stop();
});
afterAll(async () => {
  for (const stop of stops) stop();
  await Promise.all([tsa, revocation, vault, moto].map((one) => one.stop()));
  await writer.remove();
});

/** A port that speaks TLS, with a certificate of the private CA, for a server that does not. */
async function tlsBefore(port: number): Promise<number> {
  const key = readFileSync(maker.path('server', 'key'));
  const server = createTlsServer({ key, cert: readFileSync(maker.path('server')) }, (socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const one of [socket, onward]) one.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function proxy(options: RecordingOptions = { routes }): Promise<RecordingProxy> {
  const started = await startRecordingProxy(options);
  proxies.push(started);
  return started;
}

function settings({ host }: { host: string }): Record<string, string> {
  return { HTTP_PROXY: `http://user:se%40cret@${host}`, HTTPS_PROXY: `http://user:se%40cret@${host}` };
}

/** Signs a fresh copy of the image; no message may have the proxy's password. */
async function sign(node: string, args: string[], env: Record<string, string>): Promise<CliResult> {
  const layout = join(folder, `layout-${Math.random()}`);
  cpSync(writer.directory, layout, { recursive: true });
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const image = ['sign', `oci:${layout}:app`, '--temp-dir', join(folder, 'temp'), '--builder', 'native'];
  const result = await cli([...image, ...args], { node, env: { HOME: join(folder, 'home'), ...env } });
  expect(result.stdout + result.stderr).not.toMatch(/se(?:@|%40)cret/);
  return result;
}

function stamped(url: string): string[] {
  const signer = ['--key', maker.path('signer', 'key'), '--certificate', maker.path('signer', 'full.pem')];
  const stamp = ['--timestamp-url', url, '--timestamp-certificate', maker.path('tsaRoot')];
  return ['--layers', 'none', '--manifest-signature', 'jws', ...signer, ...stamp];
}

const WITH_VAULT = ['--key', 'hashivault://main', '--certificate', join(folder, 'vault.pem')];

function seenBy({ seen }: RecordingProxy): string[] {
  expect(new Set(seen.map(({ credentials }) => credentials))).toEqual(new Set(['user:se@cret']));
  return [...new Set(seen.map(({ method, target }) => `${method} ${target}`))];
}

test('the oldest Node is the one of `engines`', () => {
  const version = execFileSync(toolPath('node-oldest'), ['--version']).toString();
  expect(version).toMatch(process.arch === 'x64' ? /^v22\.21\./ : /^v22\.2\d\./);
});

describe.each(NODES)('fault 96: on %s the proxy sees requests', (_name, node) => {
  test.each([
    ['http://tsa.test/tsa?x=1', 'POST http://tsa.test/tsa?x=1', 'NODE_EXTRA_CA_CERTS'],
    ['https://tsa.test/tsa', 'CONNECT tsa.test:443', 'NODE_EXTRA_CA_CERTS'],
    ['https://tsa.test/tsa', 'CONNECT tsa.test:443', 'SSL_CERT_FILE'],
  ])('for a timestamp, %s', async (url, expected, authority) => {
    const through = await proxy();
    const before = tsa.queries.length;
    const env = { ...settings(through), [authority]: maker.path('privateCa') };
    expect(await sign(node, stamped(url), env)).toMatchObject({ status: 0 });
    expect(seenBy(through)).toEqual([expected]);
    expect(tsa.queries.length - before).toBe(1);
  });

  test('for OCSP and a revocation list', async () => {
    const through = await proxy();
    const layout = join(folder, `layout-${Math.random()}`);
    cpSync(writer.directory, layout, { recursive: true });
    const signer = ['--key', maker.path('signer', 'key'), '--certificate', maker.path('signer', 'full.pem')];
    const image = `oci:${layout}:app`;
    const manifest = ['--layers', 'none', '--manifest-signature', 'cose'];
    expect(await cli(['sign', image, ...manifest, ...signer], { node })).toMatchObject({ status: 0 });
    const env = { ...settings(through), HOME: folder, XDG_CONFIG_HOME: join(folder, 'home') };
    const verified = await cli(['verify', image, ...POLICY], { node, env });
    expect(verified).toMatchObject({ status: 0 });
    expect(seenBy(through)).toEqual(['POST http://ocsp.test/ocsp/ca', 'GET http://crl.test/empty.crl']);
    const alone = await cli(['verify', image, ...POLICY], {
      ...{ node, env: { HOME: folder, XDG_CONFIG_HOME: join(folder, 'home') } },
    });
    expect(alone.stdout + alone.stderr).toMatch(/http:\/\/crl\.test\/empty\.crl\\?" cannot be reached/);
  });

  test.each([
    ['http://vault.test:8200', 'GET http://vault.test:8200/v1/transit/keys/main'],
    ['https://vault.test:8201', 'CONNECT vault.test:8201'],
  ])('for Vault, %s', async (VAULT_ADDR, expected) => {
    const through = await proxy();
    const env = { VAULT_ADDR, VAULT_TOKEN: vault.rootToken, VAULT_CACERT: maker.path('privateCa') };
    const { status, stderr } = await sign(node, WITH_VAULT, { ...settings(through), ...env });
    expect([status, stderr.includes(vault.rootToken)]).toEqual([0, false]);
    expect(seenBy(through)).toContain(expected);
    expect(through.seen.length).toBeGreaterThanOrEqual(3);
  });

  test('for AWS KMS, whose client brings its own requests', async () => {
    const through = await proxy();
    const key = ['--key', `awskms://${moto.host}/${awsKey.alias}`];
    const args = [...key, '--certificate', join(folder, 'aws.pem')];
    const env = { ...CREDENTIALS, AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' };
    expect(await sign(node, args, { ...settings(through), ...env })).toMatchObject({ status: 0 });
    expect(seenBy(through)).toEqual([`POST http://${moto.host}/`]);
  });

  test('for AWS KMS over https, from which its failures and its silence come through', async () => {
    const abroad = ['--key', `awskms://kms.test/${awsKey.alias}`, '--certificate', join(folder, 'aws.pem')];
    const env = { ...CREDENTIALS, AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' };
    const through = await proxy();
    for (const authority of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
      const trusting = { ...settings(through), ...env, [authority]: maker.path('privateCa') };
      expect(await sign(node, abroad, trusting)).toMatchObject({ status: 0 });
    }
    // Its connections are kept.
    expect(seenBy(through)).toEqual(['CONNECT kms.test:443']);
    const refusing = await proxy({ answer: 407 });
    expect(await sign(node, abroad, { ...settings(refusing), ...env })).toMatchObject({
      ...{
        status: 5,
        stderr: expect.stringContaining(`AWS KMS cannot be reached: the proxy http://${refusing.host}`),
      },
    });
    const silent = await proxy({ answer: 'silence' });
    const late = await sign(node, [...abroad, '--timeout', '1s'], { ...settings(silent), ...env });
    expect(late).toMatchObject({ status: 5, stderr: expect.stringContaining('did not answer in 1000 ms') });
    for (const variable of ['HTTP_PROXY', 'HTTPS_PROXY']) {
      const socks = await sign(node, abroad, { ...env, [variable]: 'socks5://user:se%40cret@127.0.0.1:1' });
      expect(socks.stderr).toContain(
        `AWS KMS cannot be reached: ${variable} is not the URL of an HTTP proxy`,
      );
      expect(socks.status).toBe(5);
    }
  });

  test('for nothing that NO_PROXY exempts', async () => {
    const through = await proxy();
    const env = { ...settings(through), NO_PROXY: 'localhost,127.0.0.0/8', NODE_USE_ENV_PROXY: '1' };
    expect(await sign(node, stamped(tsa.url), env)).toMatchObject({ status: 0 });
    const ofVault = { VAULT_ADDR: `http://${vault.host}`, VAULT_TOKEN: vault.rootToken };
    expect(await sign(node, WITH_VAULT, { ...env, ...ofVault })).toMatchObject({ status: 0 });
    expect(through.seen).toEqual([]);
  });

  test('over TLS, where the proxy itself speaks it', async () => {
    const tls = { key: readFileSync(maker.path('server', 'key')), cert: readFileSync(maker.path('server')) };
    const { host, seen } = await proxy({ routes, tls });
    const env = { HTTPS_PROXY: `https://${host}`, NODE_EXTRA_CA_CERTS: maker.path('privateCa') };
    expect(await sign(node, stamped('https://tsa.test/tsa'), env)).toMatchObject({ status: 0 });
    expect(seen.map(({ target }) => target)).toEqual(['tsa.test:443']);
  });

  test('that it refuses or never gets: the message names it and its variable', async () => {
    const demanding = await proxy({ answer: 407 });
    const timestamp = stamped('https://tsa.test/tsa');
    const refused = await sign(node, timestamp, settings(demanding));
    expect(refused).toMatchObject({ status: 4 });
    expect(refused.stderr).toContain(
      `the timestamping authority https://tsa.test/tsa cannot be reached: the proxy http://${demanding.host} (HTTPS_PROXY) demands other credentials (status 407). Put user name and password into HTTPS_PROXY`,
    );
    const gone = await proxy();
    await gone.stop();
    const env = { VAULT_ADDR: 'http://vault.test:8200', VAULT_TOKEN: vault.rootToken };
    const unreached = await sign(node, WITH_VAULT, { ...settings(gone), ...env });
    expect(unreached).toMatchObject({ status: 5 });
    expect(unreached.stderr).toContain(
      `Vault at vault.test:8200 cannot be reached: the proxy http://${gone.host} (HTTP_PROXY) cannot be reached (ECONNREFUSED). Check HTTP_PROXY`,
    );
  });

  test('and stays silent: the run ends by its own limit, and when it is stopped', async () => {
    const { host, seen } = await proxy({ answer: 'silence' });
    const env = { ...settings({ host }), VAULT_ADDR: 'https://vault.test:8201', VAULT_TOKEN: 'token' };
    const late = await sign(node, [...WITH_VAULT, '--timeout', '1s'], env);
    expect(late).toMatchObject({ status: 5 });
    expect(late.stderr).toContain(
      `Vault at vault.test:8201 did not answer in 1000 ms, asked through the proxy http://${host} (HTTPS_PROXY)`,
    );
    expect(seen).toHaveLength(1);
    // Only the signal ends it before the limit of this test.
    const image = ['sign', `oci:${writer.directory}:app`, ...WITH_VAULT, '--timeout', '1h'];
    const running = cli(image, {
      ...{ node, env },
      onStart: (pid) => {
        const timer = setInterval(() => {
          if (seen.length < 2) return;
          clearInterval(timer);
          process.kill(pid, 'SIGTERM');
        }, 20);
      },
    });
    expect(await running).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('stopped by SIGTERM'),
    });
  });
});
