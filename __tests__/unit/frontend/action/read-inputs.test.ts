import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { loadInputs } from '../../../../src/frontend/action/read-inputs.ts';

let printed: string;
let folder: string;

beforeEach(() => {
  printed = '';
  folder = mkdtempSync(join(tmpdir(), 'inputs-'));
  writeFileSync(join(folder, 'key.pem'), 'a key');
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('INPUT_') || name.startsWith('TEST_')) delete process.env[name];
  }
});

/** Sets inputs as the runner does: upper case, hyphens kept, those without a value as empty. */
function given(inputs: Record<string, string>): void {
  for (const [name, value] of Object.entries(inputs)) process.env[`INPUT_${name.toUpperCase()}`] = value;
}

function masks(): string[] {
  return [...printed.matchAll(/^::add-mask::(.*)$/gm)].map(([, value]) => decodeURIComponent(value ?? ''));
}

test('a report on standard output, which is the log of the step, is refused', () => {
  given({ image: 'registry.example/app:1', 'dry-run': 'true', report: '-' });
  expect(loadInputs).toThrow('input report is -, but standard output is the log of the step');
});

test('defaults fill what is not given', () => {
  given({ image: 'registry.example/app:1', 'dry-run': 'true', timeout: '', profile: '' });
  const inputs = loadInputs();
  expect(inputs).toMatchObject({ images: ['registry.example/app:1'], showSummary: true });
  expect(inputs.install).toEqual({
    allowed: true,
    oras: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/), sha256: undefined, url: undefined },
    erofsUtils: { sha256: undefined, url: undefined },
    runnerCache: false,
  });
  expect(inputs.signing).toMatchObject({
    dryRun: true,
    platforms: [],
    profiles: ['containerd'],
    timeout: 300_000,
    maxLayerSize: 16 * 2 ** 30,
    registry: { plainHttp: false, referrers: 'auto' },
    tools: {},
    annotations: {},
    allowSkip: [],
  });
  expect(Object.keys(inputs.signing)).not.toContain('key');
});

test('all inputs reach the options', () => {
  process.env.TEST_KEY = 'key text';
  process.env.TEST_PASS = 'pass text';
  given({
    image: 'registry.example/a:1\n\n  oci:dir,with,commas:tag\n',
    platform: 'linux/amd64, linux/arm64',
    profile: 'containerd\ncontainerd-tar-index',
    'mkfs-options': '-T0 --mkfs-time',
    builder: 'mkfs',
    'erofs-utils-version': 'C',
    key: 'env://TEST_KEY',
    'key-passphrase': 'env://TEST_PASS',
    certificate: 'chain.pem',
    layers: 'auto',
    'manifest-signature': 'cose',
    'signature-expiry': '1d12h',
    'timestamp-url': 'https://tsa.example/tsr',
    'timestamp-certificate': 'tsa.pem',
    'allow-skip': 'nondistributable',
    annotations: 'team=a,b\n',
    report: 'out/report.json',
    concurrency: '3',
    timeout: '90s',
    'max-layer-size': '1GiB',
    'temp-dir': '/var/tmp',
    'registry-username': 'user',
    'registry-password': 'pa:ss word',
    'plain-http': 'True',
    'ca-file': 'ca.pem',
    referrers: 'tag',
    install: 'false',
    'oras-version': 'v1.4.2',
    'runner-cache': 'true',
    'oras-sha256': `sha256:${'AB'.repeat(32)}`,
    'oras-download-url': 'https://mirror.example/oras',
    'erofs-utils-url': 'file:///srv/erofs-utils-1.9.4.tar.gz',
    'erofs-utils-sha256': 'c'.repeat(64),
    'oras-path': '/opt/oras',
    'mkfs-path': '/opt/mkfs.erofs',
    'show-summary': 'false',
  });
  expect(loadInputs()).toEqual({
    images: ['registry.example/a:1', 'oci:dir,with,commas:tag'],
    report: 'out/report.json',
    install: {
      allowed: false,
      oras: { version: '1.4.2', sha256: 'ab'.repeat(32), url: 'https://mirror.example/oras' },
      erofsUtils: { sha256: 'c'.repeat(64), url: 'file:///srv/erofs-utils-1.9.4.tar.gz' },
      runnerCache: true,
    },
    showSummary: false,
    secrets: { TEST_KEY: 'key text', TEST_PASS: 'pass text' },
    signing: {
      platforms: ['linux/amd64', 'linux/arm64'],
      profiles: ['containerd', 'containerd-tar-index'],
      builder: 'mkfs',
      crossCheck: false,
      erofsUtilsVersion: 'C',
      mkfsOptions: '-T0 --mkfs-time',
      concurrency: 3,
      timeout: 90_000,
      maxLayerSize: 2 ** 30,
      tempDir: '/var/tmp',
      registry: {
        credentials: [
          {
            registry: 'registry.example',
            username: 'user',
            password: 'pa:ss word',
            input: 'registry-username',
          },
        ],
        plainHttp: true,
        caFile: 'ca.pem',
        referrers: 'tag',
      },
      tools: { orasPath: '/opt/oras', mkfsPath: '/opt/mkfs.erofs' },
      allowSkip: ['nondistributable'],
      key: 'env://TEST_KEY',
      keyPassphrase: 'env://TEST_PASS',
      certificate: 'chain.pem',
      pluginConfig: {},
      layers: 'auto',
      manifestSignature: 'cose',
      signatureExpiry: 36 * 3_600_000,
      timestampUrl: 'https://tsa.example/tsr',
      timestampCertificate: 'tsa.pem',
      dryRun: false,
      annotations: { team: 'a,b' },
    },
  });
});

test('a key that a plugin holds needs no certificate, and has a configuration', () => {
  const key = 'notation-plugin://azure-kv/https://vault.example/keys/k/1';
  given({ image: 'x', key, 'plugin-config': 'self_signed=true\nca_certs=a=b' });
  const { signing } = loadInputs();
  expect(signing).toMatchObject({ key, layers: 'required', manifestSignature: 'none' });
  expect(signing.certificate).toBeUndefined();
  expect({ ...signing.pluginConfig }).toEqual({ self_signed: 'true', ca_certs: 'a=b' });
});

test('secrets are masked, and gone from the environment with all inputs', () => {
  process.env.TEST_KEY = '-----BEGIN X-----\nline one\nline two\n-----END X-----';
  given({
    image: 'x',
    key: 'env://TEST_KEY',
    certificate: 'chain.pem',
    'registry-username': 'user',
    'registry-password': 'hunter2',
    unknown: 'left over',
  });
  loadInputs();
  expect(masks()).toEqual(expect.arrayContaining(['line one', 'line two', 'hunter2']));
  expect(Object.keys(process.env).filter((name) => /^INPUT_|^TEST_KEY$/.test(name))).toEqual([]);
  // The only output is masks.
  expect(printed.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'))).toEqual([]);
});

test('a password that env:// names is masked too', () => {
  process.env.TEST_TOKEN = 'tok-en';
  given({ image: 'x', 'dry-run': 'true', 'registry-username': 'u', 'registry-password': 'env://TEST_TOKEN' });
  expect(loadInputs().signing.registry.credentials?.[0]?.password).toBe('tok-en');
  expect(masks()).toContain('tok-en');
  expect(masks()).not.toContain('env://TEST_TOKEN');
  expect(process.env.TEST_TOKEN).toBeUndefined();
});

describe('errors name the input', () => {
  test.each<[Record<string, string>, string]>([
    [{}, 'input image is missing'],
    [{ image: 'x' }, 'input key is missing'],
    [{ image: 'x', 'dry-run': 'maybe' }, 'input dry-run: "maybe" is not true or false'],
    [
      { image: 'x', 'dry-run': 'true', profile: 'docker' },
      'input profile: "docker" is not one of containerd',
    ],
    [{ image: 'x', 'dry-run': 'true', concurrency: '0' }, 'input concurrency: "0"'],
    [
      { image: 'x', 'dry-run': 'true', 'registry-username': 'u' },
      'registry-username is given without input registry-password',
    ],
    [
      { image: 'x', 'dry-run': 'true', 'registry-password': 'p' },
      'registry-password is given without input registry-username',
    ],
    [{ image: 'x', 'dry-run': 'true', key: '/no/such/file' }, 'input key: there is no such file'],
  ])('%j', (inputs, message) => {
    given(inputs);
    expect(loadInputs).toThrow(message);
    expect(Object.keys(process.env).filter((name) => name.startsWith('INPUT_'))).toEqual([]);
  });

  test.each<[string, Record<string, string>, string | RegExp]>([
    [
      'nothing to sign',
      { layers: 'none' },
      'input layers and input manifest-signature are both none: nothing would be signed',
    ],
    [
      'an expiry of nothing',
      { 'signature-expiry': '24h' },
      'input signature-expiry has no effect with input manifest-signature none',
    ],
    [
      'a timestamp of nothing',
      { 'timestamp-url': 'https://tsa' },
      'input timestamp-url has no effect with input manifest-signature none',
    ],
    [
      'a timestamp that cannot be checked',
      { 'manifest-signature': 'jws', 'timestamp-url': 'https://tsa' },
      'input timestamp-url is given without input timestamp-certificate',
    ],
    [
      'a certificate of no timestamp authority',
      { 'manifest-signature': 'jws', 'timestamp-certificate': 'tsa.pem' },
      'input timestamp-certificate is given without input timestamp-url',
    ],
    [
      'a password in an address',
      { 'manifest-signature': 'jws', 'timestamp-url': 'https://a:hunter2@tsa' },
      /^input timestamp-url contains a user name or password$/,
    ],
    [
      'a plugin without one',
      { 'plugin-config': 'a=b' },
      'input plugin-config has no effect without a key of a notation plugin',
    ],
    [
      'no pair',
      { 'plugin-config': 'a=b\nhunter2', key: 'notation-plugin://x/y' },
      /^input plugin-config: entry 2 is not of the form KEY=VALUE$/,
    ],
    ['no choice', { layers: 'some' }, 'input layers: "some" is not one of required, all, auto, none'],
  ])('%s', (_name, inputs, message) => {
    given({ image: 'x', key: join(folder, 'key.pem'), certificate: 'chain.pem', ...inputs });
    expect(loadInputs).toThrow(message);
  });
});

test('several versions are for the native builder, which knows their classes', () => {
  const image = { image: 'registry.example/app:1', 'dry-run': 'true' };
  given({ ...image, 'erofs-utils-version': '1.9.4\nA, 1.8.10' });
  expect(loadInputs().signing).toMatchObject({ builder: 'native', classes: ['C', 'A'] });
  given(image);
  const { signing } = loadInputs();
  expect(signing).toMatchObject({ builder: 'native', crossCheck: false });
  expect(signing).not.toHaveProperty('classes');
  given({ ...image, builder: 'mkfs', 'erofs-utils-version': 'A,C' });
  expect(() => loadInputs()).toThrow(
    /^input erofs-utils-version lists several versions, but builder mkfs accepts only one$/,
  );
});

test('all classes are for the native builder, and need no list', () => {
  const image = { image: 'registry.example/app:1', 'dry-run': 'true' };
  given({ ...image, 'erofs-utils-version': 'all' });
  expect(loadInputs().signing).toMatchObject({ builder: 'native', classes: ['C', 'B', 'A', '1.8.6'] });
  // The mkfs.erofs to compare with is of any class.
  given({ ...image, 'erofs-utils-version': 'all', 'cross-check': 'true' });
  expect(loadInputs().signing).not.toHaveProperty('erofsUtilsVersion');
  given({ ...image, 'erofs-utils-version': 'all,1.8.6' });
  expect(loadInputs).toThrow(/^input erofs-utils-version lists all and 1\.8\.6$/);
  given({ ...image, builder: 'mkfs', 'erofs-utils-version': 'all' });
  expect(loadInputs).toThrow(/^input erofs-utils-version all has no effect with builder mkfs/);
});

describe('inputs about mkfs.erofs', () => {
  const image = { image: 'registry.example/app:1', 'dry-run': 'true' };
  const about = {
    'mkfs-path': '/x',
    'erofs-utils-url': 'https://mirror.example/erofs',
    'erofs-utils-sha256': 'c'.repeat(64),
    'erofs-utils-version': 'any',
  };
  const label = (name: string): string =>
    name === 'erofs-utils-version' ? 'input erofs-utils-version any' : `input ${name}`;

  test.each(Object.entries(about))('%s is refused where mkfs.erofs is not used', (name, value) => {
    given({ ...image, [name]: value });
    const message = `${label(name)} has no effect with builder native`;
    const remedy = 'Set builder to mkfs, or set cross-check to use both builders, or omit it';
    expect(() => loadInputs()).toThrow(expect.objectContaining({ code: 'usage', message, remedy }));
  });

  test('several of them are named together', () => {
    given({ ...image, ...about });
    const names = Object.keys(about).map(label).join(', ');
    expect(() => loadInputs()).toThrow(`${names} have no effect with builder native`);
  });

  test.each<Record<string, string>>([{ builder: 'mkfs' }, { 'cross-check': 'true' }])(
    'they are accepted with %j',
    (more) => {
      given({ ...image, ...about, ...more });
      expect(loadInputs()).toMatchObject({
        install: { erofsUtils: { url: about['erofs-utils-url'] } },
        signing: { erofsUtilsVersion: 'any', tools: { mkfsPath: '/x' } },
      });
    },
  );

  test('cross-check demands the class that is reproduced of mkfs.erofs too', () => {
    given({ ...image, 'cross-check': 'true', 'erofs-utils-version': '1.8.10' });
    expect(loadInputs().signing).toMatchObject({ classes: ['A'], erofsUtilsVersion: '1.8.10' });
    given({ ...image, 'cross-check': 'true', 'erofs-utils-version': 'A,C' });
    expect(loadInputs().signing).not.toHaveProperty('erofsUtilsVersion');
    given({ ...image, 'erofs-utils-version': 'A' });
    expect(loadInputs().signing).not.toHaveProperty('erofsUtilsVersion');
  });
});

test.each([
  ['oras-version', '1.3.3/../../x', 'a version such as 1.3.3'],
  [
    'oras-version',
    '1.3.2',
    'oras 1.3.2 can send credentials to another host that a registry names (CVE-2026-50151)',
  ],
  ['oras-sha256', 'abc', 'a SHA-256 of 64 hexadecimal digits'],
  ['oras-download-url', 'ftp://user:secret@mirror.example', 'https, http or file'],
  ['erofs-utils-url', '/srv/mirror', 'https, http or file'],
  ['erofs-utils-sha256', 'Z'.repeat(64), 'a SHA-256 of 64 hexadecimal digits'],
])('a wrong %s is a usage error that names it', (name, value, expected) => {
  given({ image: 'registry.example/app:1', 'dry-run': 'true', builder: 'mkfs', [name]: value });
  expect(() => loadInputs()).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(expected) }),
  );
});

describe('the images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const metadata = { app: { 'containerimage.digest': digest, 'image.name': 'ghcr.io/example/app:1' } };

  test('of a list with comments, and of the metadata of bake', () => {
    given({
      image: '# released\na:1\n\n  # b:1\nc:1',
      'metadata-file': JSON.stringify(metadata),
      'dry-run': 'true',
    });
    expect(loadInputs().images).toEqual(['a:1', 'c:1', `ghcr.io/example/app@${digest}`]);
  });

  test('of the metadata alone', () => {
    given({ image: '', 'metadata-file': JSON.stringify(metadata), 'dry-run': 'true' });
    expect(loadInputs().images).toEqual([`ghcr.io/example/app@${digest}`]);
  });

  test('none, if there are only comments', () => {
    given({ image: '# a:1\n#b:1', 'dry-run': 'true' });
    expect(() => loadInputs()).toThrow('input image is missing');
  });

  test('push-to is a list', () => {
    given({
      image: 'oci:a',
      'push-to': 'r.example/a:1\n# old\nr.example/a:2,r.example/b\n',
      'dry-run': 'true',
    });
    expect(loadInputs().signing.pushTo).toEqual(['r.example/a:1', 'r.example/a:2', 'r.example/b']);
  });
});
