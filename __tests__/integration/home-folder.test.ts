/** What a checkout has in its folders is not the user's configuration, whatever HOME is. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sign } from '../../src/frontend/library/library.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder(0o755);
const config = join(folder, '.config');
const started = join(folder, 'started');
let certificate: string;

beforeAll(async () => {
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  certificate = chainPath;
  mkdirSync(join(folder, 'layout'));
  await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
  await cliOk(['sign', 'oci:layout', '--key', keyPath, '--certificate', chainPath], { cwd: folder });
  mkdirSync(join(config, 'notation/truststore/x509/ca/here'), { recursive: true });
  cpSync(caPath, join(config, 'notation/truststore/x509/ca/here/ca.pem'));
  await installPlugin(join(config, 'notation'), { key: 'p256', name: 'here' });
  writeFileSync(join(folder, '.vault-token'), 'token-of-the-checkout');
  mkdirSync(join(folder, '.aws'));
  const program = `[default]\nregion = eu-central-1\ncredential_process = touch ${started}\n`;
  writeFileSync(join(folder, '.aws/config'), program);
});

const verifyArgs = ['verify', 'oci:layout', '--trust-store', 'here'];
const signArgs = (key: string) => ['sign', 'oci:layout', '--key', key, '--certificate', certificate];
/** No requests to the address of a machine in the cloud. */
const QUIET = { AWS_EC2_METADATA_DISABLED: 'true' };

test('the folder is the configuration if HOME names it', async () => {
  await cliOk(verifyArgs, { cwd: folder, env: { HOME: folder } });
});

describe.each<[string, Record<string, string>]>([
  ['an empty HOME', { HOME: '' }],
  ['a relative HOME', { HOME: '.' }],
  ['a relative XDG_CONFIG_HOME', { HOME: '/nonexistent', XDG_CONFIG_HOME: '.config' }],
])('%s', (_what, home) => {
  const options = { cwd: folder, env: { ...QUIET, ...home } };

  test('trusts no certificate there', async () => {
    const { status, stderr } = await cli(verifyArgs, options);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/the trust store \/.* contains no certificate/),
    ]);
    expect(stderr).not.toContain(folder);
  });

  test('starts no plugin and no program there', async () => {
    const plugin = await cli(signArgs('notation-plugin://here/k'), options);
    expect([plugin.status, plugin.stderr]).toEqual([5, expect.stringContaining('here is not installed')]);
    expect(readFileSync(join(config, 'notation/here.log'), 'utf8')).toBe('');
    const aws = await cli(signArgs('awskms:///alias/release'), options);
    expect([aws.status, existsSync(started)]).toEqual([5, false]);
  });

  test('sends no token from there', async () => {
    const env = { ...options.env, VAULT_ADDR: 'http://127.0.0.1:9' };
    const { status, stderr } = await cli(signArgs('hashivault://release'), { ...options, env });
    expect([status, stderr]).toEqual([5, expect.stringContaining('no Vault token was found')]);
  });
});

test('a user without a home folder and without HOME has no configuration, and that is no defect', async () => {
  const layout = `oci:${join(folder, 'layout')}`;
  for (const trust of [
    ['--trust-store', 'here'],
    ['--trust-policy', 'notation', '--trust-policy-scope', 'local/app'],
  ]) {
    const { status, stderr } = await cli(['verify', layout, ...trust], { unprivileged: true });
    expect([status, stderr]).toEqual([2, expect.not.stringContaining('Internal error')]);
  }
});

test('the library leaves HOME as it is, and lets no client look for settings with it', async () => {
  const before = process.env.HOME;
  process.env.HOME = '';
  try {
    for (const key of [
      'awskms:///alias/release',
      'gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1',
    ]) {
      const run = sign({ image: `oci:${join(folder, 'layout')}`, key, certificate });
      await expect(run).rejects.toMatchObject({
        code: 'key',
        message: expect.stringContaining('HOME is no absolute path'),
      });
      expect(process.env.HOME).toBe('');
    }
  } finally {
    if (before === undefined) delete process.env.HOME;
    else process.env.HOME = before;
  }
});
