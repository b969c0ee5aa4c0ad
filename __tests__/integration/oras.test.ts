import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { Oras } from '../../src/oci/oras/oras.ts';
import { VERSION } from '../../src/tools/install/oras-release.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter, OCI, sha256 } from '../helpers/image-writer.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const PASSWORD = 'pass word-5f2d"$x';
let temp: string;
let registry: TestRegistry;
let locked: TestRegistry;
let writer: ImageWriter;
let image: Descriptor;
let layer: Descriptor;

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-oras-'));
  registry = await startRegistry('referrers-api');
  locked = await startRegistry('fallback-tag', { htpasswd: { user: 'someone', password: PASSWORD } });
  writer = await ImageWriter.create();
  const big = Buffer.alloc(3_000_000, 'layer');
  image = await writer.add(
    await writer.image({ layers: [{ bytes: big }, { bytes: Buffer.alloc(0) }] }),
    'v1',
  );
  layer = { mediaType: OCI.layer, digest: sha256(big), size: big.length };
  await writer.copyTo('v1', `${registry.host}/team/app:v1`);
});

afterAll(async () => {
  await registry.stop();
  await locked.stop();
  await writer.remove();
  await rm(temp, { recursive: true, force: true });
});

describe.each(['oras', 'oras-1.2'])('%s', (tool) => {
  const open = (more = {}) => Oras.open({ path: toolPath(tool), plainHttp: true, timeout: 30_000, ...more });

  test('resolves, fetches and streams', async () => {
    const oras = await open();
    const name = `${registry.host}/team/app`;
    expect(await oras.resolve(`${name}:v1`)).toEqual(image);
    expect(await oras.resolve(`${name}@${image.digest}`)).toEqual(image);
    expect(await oras.manifest(name, image)).toEqual(await writer.read(image.digest));
    expect((await buffer(await oras.blob(name, layer))).equals(await writer.read(layer.digest))).toBe(true);
    const empty = { mediaType: OCI.layer, digest: sha256(''), size: 0 };
    expect(await buffer(await oras.blob(name, empty))).toHaveLength(0);
  });

  test('a stream that nobody reads to its end leaves no process', async () => {
    const oras = await open();
    const stream = await oras.blob(`${registry.host}/team/app`, layer);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy();
    await closed;
    expect(stream.errored).toBeNull();
  });

  test('fault 15: what is missing is named', async () => {
    const oras = await open();
    const name = `${registry.host}/team/app`;
    const gone = { ...layer, digest: sha256('gone') };
    const missing = (target: string) => ({
      code: 'registry',
      message: expect.stringContaining(`${target} is not in the registry`),
    });
    await expect(oras.resolve(`${name}:none`)).rejects.toMatchObject(missing(`${name}:none`));
    await expect(oras.manifest(name, { ...image, digest: gone.digest })).rejects.toMatchObject(
      missing(`${name}@${gone.digest}`),
    );
    await expect(oras.blob(name, gone)).rejects.toMatchObject(missing(`${name}@${gone.digest}`));
  });

  test('fault 15: what is missing is found to be so, however long its name is', async () => {
    const oras = await open();
    const name = `${registry.host}/${'b'.repeat(254 - registry.host.length)}`;
    expect(await oras.find(`${name}:${'t'.repeat(128)}`)).toBeUndefined();
    expect(await oras.find(`${name}@sha512:${'a'.repeat(128)}`)).toBeUndefined();
  });

  test.each<[string, number, string]>([
    ['the token server answers 404', 404, 'default backend - 404'],
    ['the token server answers 400', 400, '{"errors":[{"code":"NAME_UNKNOWN","message":"not found"}]}'],
    ['the registry answers 500', 200, '{"token":"late"}'],
  ])('nothing is missing when %s', async (_name, status, body) => {
    const oras = await open();
    let tokens = 0;
    const proxy = await startFaultyProxy(registry.host, ({ path, authorization }) => {
      if (path.startsWith('/token')) {
        tokens += 1;
        return tokens === 1 ? { status: 200, body: '{"token":"first"}' } : { status, body };
      }
      if (authorization === 'Bearer first') return undefined;
      if (authorization !== undefined) return { status: 500 };
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${proxy.host}/token"` } };
    });
    try {
      expect(await oras.resolve(`${proxy.host}/team/app:v1`)).toEqual(image);
      await expect(oras.find(`${proxy.host}/team/app:v1`)).rejects.toMatchObject({ code: 'registry' });
    } finally {
      await proxy.stop();
    }
  });

  test('plain HTTP, a closed port and an unknown host are told apart', async () => {
    const tls = await open({ plainHttp: false });
    await expect(tls.resolve(`${registry.host}/team/app:v1`)).rejects.toMatchObject({
      code: 'registry',
      remedy: expect.stringContaining('plain-http'),
    });
    const oras = await open();
    for (const host of ['127.0.0.1:1', 'no-such-host.invalid']) {
      await expect(oras.resolve(`${host}/a:v1`)).rejects.toMatchObject({
        code: 'registry',
        message: expect.stringContaining('cannot be reached'),
      });
    }
  });

  test('fault 52: credentials are wanted', async () => {
    const wanted = { code: 'registry', remedy: expect.stringContaining('docker/login-action') };
    await expect((await open()).resolve(`${locked.host}/team/app:v1`)).rejects.toMatchObject(wanted);
  });
});

test('fault 80: oras 1.2 is given no password', async () => {
  const log = join(temp, 'log-of-1.2');
  const wrapper = join(temp, 'logging-1.2');
  const script = `#!/bin/sh\nprintf '%s\\n' "$1" >> ${log}\nexec ${toolPath('oras-1.2')} "$@"\n`;
  await writeFile(wrapper, script, { mode: 0o755 });
  const oras = await Oras.open({ path: wrapper, plainHttp: true, credentials: login(PASSWORD) });
  const name = `${locked.host}/team/app`;
  for (const call of [
    () => oras.requireSafe(locked.host),
    () => oras.resolve(`${name}:v1`),
    () => oras.blob(name, layer),
    () => oras.pushBlob(name, layer, { folder: temp, name: 'blob' }),
    () => oras.pushManifest(name, image, { folder: temp, name: 'blob' }),
    () => oras.referrers(name, image),
  ]) {
    await expect(call()).rejects.toMatchObject({
      code: 'environment',
      message: `oras 1.2.0 can send the credentials for ${locked.host} (registry-username) to another host that the registry names (CVE-2026-50151)`,
      remedy: 'Install oras 1.3.3 or later, or set oras-path to one',
    });
  }
  expect(await readFile(log, 'utf8')).toBe('version\n');
});

/** Credentials for the registry that demands them. */
const login = (password: string) => [
  { registry: locked.host, username: 'someone', password, input: 'registry-username' },
];

describe('with credentials', () => {
  const open = (more = {}) =>
    Oras.open({ path: toolPath('oras'), plainHttp: true, timeout: 30_000, ...more });

  test('fault 52: wrong, right', async () => {
    const name = `${locked.host}/team/app`;
    const wanted = {
      code: 'registry',
      message: expect.stringContaining(`rejects the credentials for ${name}:v1 (registry-username)`),
      remedy: expect.stringContaining('Check registry-username'),
    };
    const wrong = await open({ credentials: login('wrong') });
    await expect(wrong.resolve(`${name}:v1`)).rejects.toMatchObject(wanted);
    const right = await open({ credentials: login(PASSWORD) });
    await expect(right.resolve(`${name}:v1`)).rejects.toMatchObject({
      message: expect.stringContaining('is not in the registry'),
    });
    await writeFile(join(temp, 'blob'), 'content');
    const blob = { mediaType: OCI.layer, digest: sha256('content'), size: 7 };
    await right.pushBlob(name, blob, { folder: temp, name: 'blob' });
    expect((await right.smallBlob(name, blob)).toString()).toBe('content');
  });

  test('fault 53: the password is in no argument, environment or file of the child', async () => {
    const wrapper = join(temp, 'logging-oras');
    const log = join(temp, 'log-oras');
    // What another user of the machine could see while oras runs.
    const script = `#!/bin/sh\n{ printf '%s\\n' "$@"; cat /proc/$$/cmdline /proc/$$/environ; } >> ${log}\nexec ${toolPath('oras')} "$@"\n`;
    await writeFile(wrapper, script, { mode: 0o755 });
    const oras = await Oras.open({ path: wrapper, plainHttp: true, credentials: login(PASSWORD) });
    const error = await oras.resolve(`${locked.host}/team/app:none`).catch((caught: unknown) => caught);
    const seen = await readFile(log, 'utf8');
    expect(seen).toContain('--password-stdin');
    for (const secret of [PASSWORD, Buffer.from(`someone:${PASSWORD}`).toString('base64')]) {
      expect(seen).not.toContain(secret);
      expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    }
  });
});

test('a certificate of an unknown authority, then known', async () => {
  const [key, cert] = [join(temp, 'key.pem'), join(temp, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run([toolPath('openssl'), ...request, '-keyout', key, '-out', cert, ...subject], {
    env: toolEnvironment(),
  });
  const server = createServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (_request, response) => {
      response.writeHead(404).end();
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const reference = `127.0.0.1:${address.port}/a:v1`;
  const open = (more = {}) => Oras.open({ path: toolPath('oras'), ...more });
  try {
    await expect((await open()).resolve(reference)).rejects.toMatchObject({
      code: 'registry',
      remedy: expect.stringContaining('ca-file'),
    });
    await expect((await open({ caFile: cert })).resolve(reference)).rejects.toMatchObject({
      message: expect.stringContaining('is not in the registry'),
    });
    await expect((await open({ caFile: join(temp, 'none.pem') })).resolve(reference)).rejects.toMatchObject({
      code: 'registry',
      message: expect.stringContaining('no such file'),
    });
  } finally {
    server.close();
  }
});

test('versions: read, too old, something else, missing', async () => {
  // The version that the Action installs is the one that the tests run.
  expect((await Oras.open({ path: toolPath('oras') })).version).toMatchObject({
    major: 1,
    minor: 3,
    text: VERSION,
  });
  expect((await Oras.open({ path: toolPath('oras-1.2') })).version).toMatchObject({ major: 1, minor: 2 });
  const fake = async (name: string, text: string): Promise<string> => {
    const path = join(temp, name);
    await writeFile(path, `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
    return path;
  };
  const remedy = 'Install oras 1.3.3 or later, or set oras-path to one';
  for (const path of [
    await fake('old', 'Version:        1.1.0'),
    await fake('else', 'hello'),
    join(temp, 'none'),
    '/bin/false',
  ]) {
    await expect(Oras.open({ path })).rejects.toMatchObject({ code: 'environment', remedy });
  }
});

test('a signal ends a call', async () => {
  const stop = new AbortController();
  const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true, signal: stop.signal });
  const stream = await oras.blob(`${registry.host}/team/app`, layer);
  stop.abort();
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'cancelled' });
});
