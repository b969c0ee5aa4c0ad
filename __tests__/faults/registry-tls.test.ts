/** Fault 95, TLS: each way in which a registry's certificate, a client's or a proxy can be wrong, and what helps. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cli } from '../helpers/cli.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { CA, CertificateMaker } from '../helpers/made-certificates.ts';
import { pki } from '../helpers/pki.ts';
import { startRecordingProxy } from '../helpers/recording-proxy.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { startTlsFront, type TlsFront } from '../helpers/tls-front.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const temp = join(folder, 'temp');
const file = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(file(name), 'utf8');
let registry: TestRegistry;
let key: string[];
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  mkdirSync(temp);
  const maker = new CertificateMaker(folder);
  const here = 'subjectAltName=IP:127.0.0.1,DNS:registry.test,DNS:proxy.test';
  await maker.make({ name: 'ca', extensions: CA });
  await maker.make({ name: 'otherCa', extensions: CA });
  await maker.make({ name: 'server', issuer: 'ca', extensions: [here] });
  await maker.make({ name: 'elsewhere', issuer: 'ca', extensions: ['subjectAltName=DNS:other.test'] });
  await maker.make({ name: 'nameless', issuer: 'ca', extensions: [] });
  const dates = {
    expired: ['20200101000000Z', '20210101000000Z'],
    early: ['20600101000000Z', '20610101000000Z'],
  };
  for (const [name, [from = '', to = '']] of Object.entries(dates)) {
    await maker.make({ name, issuer: 'ca', extensions: [here], dates: [from, to] });
  }
  await maker.make({ name: 'client', issuer: 'ca', extensions: ['extendedKeyUsage=clientAuth'] });
  await maker.make({ name: 'stranger', issuer: 'otherCa', extensions: ['extendedKeyUsage=clientAuth'] });
  writeFileSync(file('ca.base64'), Buffer.from(text('ca.pem')).toString('base64'));
  registry = await startRegistry('fallback-tag');
  await writeVectorImage(file('layout'), ['simple-gzip']);
  const argv = ['cp', '--from-oci-layout', `${file('layout')}:vectors`, '--to-plain-http'];
  await run([toolPath('oras'), ...argv, `${registry.host}/app:1`], {
    env: toolEnvironment({ HOME: folder }),
  });
  const leaf = (await pki()).leaf('p256');
  key = ['--key', leaf.keyPath, '--certificate', leaf.chainPath];
});
afterAll(() => registry.stop());
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function front(name: string, more: object = {}, target = registry.host): Promise<TlsFront> {
  const started = await startTlsFront(target, {
    key: readFileSync(file(`${name}.key`)),
    cert: readFileSync(file(`${name}.pem`)),
    ...more,
  });
  stops.push(started.stop);
  return started;
}

interface Outcome {
  status: number | null;
  stderr: string;
}

async function sign(
  host: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const common = ['--temp-dir', temp, '--oras-path', toolPath('oras'), '--timeout', '60s'];
  const argv = ['sign', `${host}/app:1`, ...key, ...common, ...args];
  const { status, stderr } = await cli(argv, { cwd: folder, env: { HOME: folder, ...env } });
  expect(readdirSync(temp)).toEqual([]);
  return { status, stderr };
}

/** Runs that must fail before anything is attached: what the one line says, and the remedy. */
async function refused(
  outcome: Promise<Outcome>,
  status: number,
  message: RegExp,
  remedy: RegExp,
): Promise<void> {
  const { status: ended, stderr } = await outcome;
  const lines = stderr.split('\n').filter((line) => line.startsWith('verity-sign: '));
  expect(lines).toHaveLength(1);
  const [line = ''] = lines;
  expect(line).toMatch(message);
  expect(line).toMatch(remedy);
  expect(ended).toBe(status);
}

const works = async (outcome: Promise<Outcome>): Promise<void> => {
  const { status, stderr } = await outcome;
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
};

describe("fault 95: the registry's certificate", () => {
  const cases: [string, string, RegExp, RegExp][] = [
    [
      'expired',
      'expired',
      /the TLS certificate of \S+ has expired or is not valid yet/,
      /Check this machine's clock/,
    ],
    [
      'not valid yet',
      'early',
      /the TLS certificate of \S+ has expired or is not valid yet/,
      /Check this machine's clock/,
    ],
    [
      'for another name',
      'elsewhere',
      /the TLS certificate of \S+ is for other names/,
      /Name the registry by a name/,
    ],
    [
      'without names',
      'nameless',
      /the TLS certificate of \S+ is for other names/,
      /Name the registry by a name/,
    ],
  ];
  test.each(cases)('%s', async (_what, name, message, remedy) => {
    const { port, methods } = await front(name);
    await refused(sign(`127.0.0.1:${port}`, ['--ca-file', 'ca.pem']), 6, message, remedy);
    expect(methods).toEqual([]);
  });

  test('of an unknown authority', async () => {
    const { port } = await front('server');
    const host = `127.0.0.1:${port}`;
    const message = new RegExp(`the TLS certificate of ${host} is not trusted`);
    await refused(sign(host, []), 6, message, /Set ca-file, or the variable SSL_CERT_FILE/);
    await refused(sign(host, ['--ca-file', 'otherCa.pem']), 6, message, /Set ca-file/);
  });

  test('none: plain HTTP', async () => {
    const host = registry.host;
    await refused(sign(host, []), 6, /the registry answers in plain HTTP instead of HTTPS/, /Set plain-http/);
  });
});

describe('the authority is trusted', () => {
  const forms: [string, () => [string[], Record<string, string>]][] = [
    ['ca-file, a relative path', () => [['--ca-file', 'ca.pem'], {}]],
    ['ca-file, env://', () => [['--ca-file', 'env://OUR_CA'], { OUR_CA: text('ca.pem') }]],
    ['ca-file, PEM', () => [['--ca-file', text('ca.pem')], {}]],
    ['ca-file, a file with base64', () => [['--ca-file', 'ca.base64'], {}]],
    ['ca-file, literal line ends', () => [['--ca-file', text('ca.pem').replaceAll('\n', '\\n')], {}]],
    ['SSL_CERT_FILE, relative', () => [[], { SSL_CERT_FILE: 'ca.pem' }]],
    ['NODE_EXTRA_CA_CERTS, relative', () => [[], { NODE_EXTRA_CA_CERTS: 'ca.pem' }]],
    ['both, the latter', () => [[], { SSL_CERT_FILE: 'otherCa.pem', NODE_EXTRA_CA_CERTS: 'ca.pem' }]],
    ['both, the former', () => [[], { SSL_CERT_FILE: 'ca.pem', NODE_EXTRA_CA_CERTS: 'otherCa.pem' }]],
    ['both, the same', () => [[], { SSL_CERT_FILE: 'ca.pem', NODE_EXTRA_CA_CERTS: 'ca.pem' }]],
  ];
  test.each(forms)('fault 87, fault 95: %s', async (_form, given) => {
    const { port, methods } = await front('server');
    const [args, env] = given();
    await works(sign(`127.0.0.1:${port}`, args, env));
    expect(methods.length).toBeGreaterThan(3);
  });

  test('fault 95: ca-file from a pipe of the shell', async () => {
    const { port } = await front('server');
    const common = ['--temp-dir', temp, '--oras-path', toolPath('oras')];
    const argv = ['sign', `127.0.0.1:${port}/app:1`, ...key, ...common];
    const prefix = ['bash', '-c', '"$@" --ca-file <(cat ca.pem)', 'bash'];
    const { status, stderr } = await cli(argv, { cwd: folder, prefix, env: { HOME: folder } });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  });

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['no such file', ['--ca-file', 'none.pem'], {}, /the file none.pem of ca-file cannot be read \(ENOENT\)/],
    [
      'a key',
      ['--ca-file', 'ca.key'],
      {},
      /the file ca.key of ca-file has no certificate, only: PRIVATE KEY/,
    ],
    [
      'no variable',
      ['--ca-file', 'env://NONE'],
      {},
      /option --ca-file: the environment variable NONE is not set/,
    ],
  ])('ca-file with %s', async (_what, args, env, message) => {
    await refused(sign('127.0.0.1:1', args, env), 2, message, /\. (Give|Set) /);
  });

  test.each([undefined, 'none.pem'])(
    'SSL_CERT_FILE that is missing is warned of; NODE_EXTRA_CA_CERTS: %s',
    async (extra) => {
      const { stderr } = await sign('127.0.0.1:1', [], {
        SSL_CERT_FILE: 'none.pem',
        ...(extra === undefined ? {} : { NODE_EXTRA_CA_CERTS: extra }),
      });
      expect(stderr).toContain('warning: SSL_CERT_FILE is not used: none.pem cannot be read (ENOENT)');
    },
  );
});

describe('fault 95: a client certificate is demanded', () => {
  const demanding = (more: object = {}) =>
    front('server', { requestCert: true, rejectUnauthorized: true, ca: text('ca.pem'), ...more });
  const demands = /\S+ demands a client certificate that it trusts/;
  const remedy = /Set client-certificate and client-key/;
  const CLIENT = ['--client-certificate', 'client.pem', '--client-key', 'client.key', '--ca-file', 'ca.pem'];

  test.each([['TLSv1.2'], ['TLSv1.3']])('none or the wrong one is given, with %s', async (version) => {
    const { port, methods } = await demanding({ minVersion: version, maxVersion: version });
    const host = `127.0.0.1:${port}`;
    await refused(sign(host, ['--ca-file', 'ca.pem']), 6, demands, remedy);
    const stranger = CLIENT.map((word) => word.replace('client.', 'stranger.'));
    await refused(sign(host, stranger), 6, demands, remedy);
    expect(methods).toEqual([]);
  });

  test.each([['TLSv1.2'], ['TLSv1.3']])('it is given, with %s', async (version) => {
    const { port, methods } = await demanding({ minVersion: version, maxVersion: version });
    await works(sign(`127.0.0.1:${port}`, CLIENT));
    expect(methods.length).toBeGreaterThan(3);
  });

  test('as PEM text', async () => {
    const { port } = await demanding();
    await works(sign(`127.0.0.1:${port}`, CLIENT.with(1, text('client.pem'))));
  });

  test.each<[string, string[], RegExp]>([
    ['of another key', CLIENT.with(3, 'stranger.key'), /client-certificate and client-key are not usable/],
    ['with a missing key', CLIENT.with(3, 'none.key'), /the file none.key of client-key cannot be read/],
    ['without a key', CLIENT.slice(0, 2), /option --client-certificate is given without option --client-key/],
    ['with the key itself', CLIENT.with(3, 'KEY'), /option --client-key is not the path of a file/],
  ])('fault 95: %s', async (_what, args, message) => {
    const { port } = await demanding();
    const given = args.map((word) => (word === 'KEY' ? text('client.key') : word));
    const outcome = sign(`127.0.0.1:${port}`, given);
    await refused(outcome, 2, message, /\. (Set|Write|Check) /);
    expect((await outcome).stderr).not.toContain(text('client.key').split('\n')[1]);
  });
});

describe('faults 93 and 95: a registry without HEAD, which oras cannot use', () => {
  async function withoutHead(): Promise<string> {
    const faulty = await startFaultyProxy(registry.host, ({ method }) =>
      method === 'HEAD' ? { status: 405 } : undefined,
    );
    stops.push(faulty.stop);
    return faulty.host;
  }

  test('demands a client certificate', async () => {
    const more = { requestCert: true, rejectUnauthorized: true, ca: text('ca.pem') };
    const { port, methods } = await front('server', more, await withoutHead());
    const client = [
      '--client-certificate',
      'client.pem',
      '--client-key',
      'client.key',
      '--ca-file',
      'ca.pem',
    ];
    await works(sign(`127.0.0.1:${port}`, [...client, '--profile', 'containerd-cache']));
    expect(methods).toContain('PUT');
  });

  test('is behind a proxy, and SSL_CERT_FILE has its authority', async () => {
    const { port, methods } = await front('server', {}, await withoutHead());
    const proxy = await startRecordingProxy({ routes: { 'registry.test:443': port } });
    stops.push(proxy.stop);
    const env = {
      HTTPS_PROXY: `http://${proxy.host.replace('127.0.0.1', 'localhost')}`,
      SSL_CERT_FILE: file('ca.pem'),
    };
    await works(sign('registry.test', ['--profile', 'containerd-tar-index'], env));
    expect(methods).toContain('PUT');
  });
});

describe('fault 95: the proxy', () => {
  async function through(options: Parameters<typeof startRecordingProxy>[0], url: (host: string) => string) {
    const { port } = await front('server');
    const proxy = await startRecordingProxy({ routes: { 'registry.test:443': port }, ...options });
    stops.push(proxy.stop);
    const host = proxy.host.replace('127.0.0.1', 'localhost');
    return { HTTPS_PROXY: url(host), SSL_CERT_FILE: file('ca.pem') };
  }
  const tls = () => ({ key: readFileSync(file('elsewhere.key')), cert: readFileSync(file('elsewhere.pem')) });

  test('passes on', async () => {
    await works(sign('registry.test', [], await through({}, (host) => `http://${host}`)));
  });

  test('does not speak TLS', async () => {
    const env = await through({}, (host) => `https://${host}`);
    const message = /the proxy for registry\.test does not speak TLS, but its URL begins with https/;
    await refused(
      sign('registry.test', [], env),
      6,
      message,
      /Set HTTPS_PROXY to a URL that begins with http:/,
    );
  });

  test('has a certificate that is not trusted', async () => {
    const env = await through({ tls: tls() }, (host) => `https://${host}`);
    const message = /the TLS certificate of the proxy for registry\.test is not trusted/;
    await refused(sign('registry.test', [], env), 6, message, /Set SSL_CERT_FILE/);
  });

  test.each<[number, RegExp, RegExp]>([
    [
      407,
      /the proxy for registry\.test requires other credentials/,
      /Put user name and password into HTTPS_PROXY/,
    ],
    [403, /the proxy does not permit a connection to registry\.test/, /Permit the registry in the proxy/],
    [502, /the proxy does not permit a connection to registry\.test/, /Permit the registry in the proxy/],
  ])('answers %d', async (answer, message, remedy) => {
    const env = await through({ answer }, (host) => `http://${host}`);
    await refused(sign('registry.test', [], env), 6, message, remedy);
  });

  test('is not there', async () => {
    const env = { HTTPS_PROXY: 'http://localhost:1' };
    await refused(
      sign('registry.test', [], env),
      6,
      /the proxy for registry\.test cannot be reached/,
      /Check HTTPS_PROXY/,
    );
  });
});
