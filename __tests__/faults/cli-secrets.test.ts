/** Runs of the CLI that succeed and fail with secrets: none is in a message, report, file or child process. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileContents } from '../helpers/file-contents.ts';
import { observeCli, shownBy } from '../helpers/observed-run.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { filesWith, type WatchedTools, watchedTools } from '../helpers/watched-tools.ts';

const PASSPHRASE = 'Correct-Horse 9 Staple';
const PASSWORD = 'registry-Passw0rd!';
const OTHER = 'An0ther$secret-7c1f';
const folder = testFolder();
let keys: Pki;
/** An encrypted key, and a line of it. */
let pem: string;
let line: string;
let registry: TestRegistry;

beforeAll(async () => {
  keys = await pki();
  registry = await startRegistry('fallback-tag', { htpasswd: { user: 'ci', password: PASSWORD } });
  const encrypt = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', keys.leaf('p256').keyPath];
  pem = (await openssl([...encrypt, '-passout', `pass:${PASSPHRASE}`], folder)).toString();
  line = pem.split('\n')[2] ?? '';
  expect(line).toHaveLength(64);
});
afterAll(() => registry.stop());

interface Case {
  name: string;
  status: number;
  message: RegExp;
  /** Options, by name, that replace those of a good run. */
  options?: Record<string, string>;
  env?: Record<string, string>;
  /** Whether a command line or environment has the secret: the user typed it, or it is that of oras's proxy. */
  visible?: boolean;
}

let runs = 0;

/** Signs and pushes with all secrets, then looks for them in everything that there is after it, and was during it. */
async function sign({
  status,
  message,
  options = {},
  env = {},
  visible = false,
}: Case): Promise<WatchedTools> {
  runs += 1;
  const own = join(folder, `run-${runs}`);
  const [layout, temp] = [join(own, 'layout'), join(own, 'temp')];
  for (const path of [own, layout, temp]) mkdirSync(path);
  await writeVectorImage(layout, ['simple-gzip']);
  const before = fileContents(layout);
  const watched = watchedTools(join(own, 'watched'), temp);
  const given = {
    key: 'env://SIGNING_KEY',
    'key-passphrase': 'env://PASSPHRASE',
    certificate: keys.leaf('p256').fullChainPath,
    'manifest-signature': 'jws',
    builder: 'mkfs',
    'mkfs-path': watched.mkfs,
    'oras-path': watched.oras,
    'registry-username': 'ci',
    'registry-password': 'env://REGISTRY_PASSWORD',
    'push-to': `${registry.host}/app:${runs}`,
    'temp-dir': temp,
    ...options,
  };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const plain = env.HTTPS_PROXY === undefined ? ['--plain-http'] : [];
  const secrets = { SIGNING_KEY: pem, PASSPHRASE, REGISTRY_PASSWORD: PASSWORD, ...env };
  const run = await observeCli(own, ['sign', `oci:${layout}`, ...args, ...plain], secrets);
  const shown = shownBy(run);
  writeFileSync(join(own, 'shown'), shown);
  expect({ status: run.status, stderr: run.stderr }).toEqual({
    status,
    stderr: expect.stringMatching(message),
  });
  const words = [line, PASSPHRASE, PASSWORD, `${PASSWORD}x`, OTHER, encodeURIComponent(OTHER)];
  for (const word of words) expect(shown).not.toContain(word);
  if (!visible) expect(filesWith(own, words)).toEqual([]);
  if (status === 5 || status === 2) expect(fileContents(layout)).toEqual(before);
  return watched;
}

const WITH_PASSWORD = `http://user:${encodeURIComponent(OTHER)}@127.0.0.1:1`;

describe('fault 53: no secret is shown or handed on', () => {
  test('by a run that succeeds', async () => {
    const watched = await sign({ name: 'all', status: 0, message: /^/ });
    expect(watched.calls()).toBeGreaterThan(10);
  });

  test.each<Case>([
    { name: 'a wrong passphrase', status: 5, message: /passphrase is wrong/, env: { PASSPHRASE: OTHER } },
    {
      name: 'a wrong password',
      status: 6,
      message: /credentials|401|unauthorized/i,
      env: { REGISTRY_PASSWORD: `${PASSWORD}x` },
    },
    {
      name: 'a passphrase in place of its reference',
      status: 2,
      message: /option --key-passphrase: there is no such file/,
      options: { 'key-passphrase': OTHER },
      visible: true,
    },
    {
      name: 'a key in place of a certificate',
      status: 5,
      message: /certificate/,
      options: { certificate: 'env://SIGNING_KEY' },
    },
    {
      name: 'a proxy with a password that does not answer',
      status: 6,
      message: /127\.0\.0\.1/,
      env: { HTTPS_PROXY: WITH_PASSWORD, HTTP_PROXY: WITH_PASSWORD, NO_PROXY: '' },
      options: { 'push-to': 'registry.invalid/app:1' },
      visible: true,
    },
    {
      name: 'a token of Vault that is refused, at an address with a password',
      status: 5,
      message: /Vault|VAULT_ADDR/i,
      options: { key: 'hashivault://release' },
      env: { VAULT_ADDR: WITH_PASSWORD, VAULT_TOKEN: OTHER },
    },
    {
      name: 'a tag with a password',
      status: 2,
      message: /an image reference contains a user name or a password/,
      options: { 'push-to': `user:${OTHER}@registry.invalid/app:1` },
      visible: true,
    },
    {
      name: 'a timestamp server with a password',
      status: 2,
      message: /option --timestamp-url contains a user name or password/,
      options: {
        'timestamp-url': `${WITH_PASSWORD}/tsa`,
        'timestamp-certificate': '/dev/null',
      },
      visible: true,
    },
  ])('by a run with $name', async (one) => {
    await sign(one);
  });

  test('by a run with the text of a key in place of its reference', async () => {
    const bare = readFileSync(keys.leaf('p256').keyPath, 'utf8');
    const [, first = ''] = bare.split('\n');
    const args = ['sign', 'oci:nowhere', '--certificate', keys.leaf('p256').fullChainPath, '--key', bare];
    const run = await observeCli(folder, args);
    expect([2, 5]).toContain(run.status);
    expect(shownBy(run)).not.toContain(first);
  });
});
