/** A place that this user may not look at is neither absent nor tampered with. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { policy, STATEMENT } from '../helpers/policy-cases.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder(0o755);
const layout = join(folder, 'layout');
const archive = join(folder, 'image.tar');
const locked = join(folder, 'locked');
const notation = join(folder, 'config/notation');
const store = join(notation, 'truststore/x509/ca/test');
const policyFile = join(folder, 'trust-policy.json');
let trust: string[];
let key: string[];

/** Exit status and messages of a run as another user than the owner of all these files. */
async function asOther(...args: string[]): Promise<string> {
  const env = { XDG_CONFIG_HOME: join(folder, 'config'), TMPDIR: '/tmp' };
  const { status, stdout, stderr } = await cli(args, { unprivileged: true, env });
  return `${status} ${stdout}${stderr}`;
}

beforeAll(async () => {
  await writeVectorImage(layout, ['simple-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
  const ca = join(folder, 'ca.pem');
  cpSync(caPath, ca);
  chmodSync(ca, 0o644);
  trust = ['--trusted-certificate', ca, '--recompute=false'];
  await cliOk(['sign', `oci:${layout}`, ...key]);
  execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
  mkdirSync(locked);
  cpSync(layout, join(locked, 'layout'), { recursive: true });
  cpSync(archive, join(locked, 'image.tar'));
  mkdirSync(store, { recursive: true });
  cpSync(ca, join(store, 'ca.pem'));
  writeFileSync(policyFile, JSON.stringify(policy(STATEMENT)));
  cpSync(policyFile, join(notation, 'trustpolicy.json'));
});

describe.each(['layout', 'archive'])('an image in a folder that may not be entered: %s', (kind) => {
  const reference = kind === 'layout' ? `oci:${locked}/layout` : `oci-archive:${locked}/image.tar`;
  beforeAll(() => chmodSync(locked, 0o700));

  test('verify cannot tell', async () => {
    expect(await asOther('verify', reference, ...trust)).toMatch(/^13 .*cannot be read \(EACCES\)/s);
  });

  test('inspect and root-hash name the reason', async () => {
    for (const verb of ['inspect', 'root-hash'])
      expect(await asOther(verb, reference)).toMatch(/^4 .*cannot be read \(EACCES\)/s);
  });
});

test('an archive that only its owner may read, as docker save writes it', async () => {
  chmodSync(archive, 0o600);
  const reference = `oci-archive:${archive}`;
  expect(await asOther('verify', reference, ...trust)).toMatch(/^13 .*image\.tar cannot be read \(EACCES\)/s);
  expect(await asOther('inspect', reference)).toMatch(/^4 .*image\.tar cannot be read \(EACCES\)/s);
  chmodSync(archive, 0o644);
  expect(await asOther('verify', reference, ...trust)).toMatch(/^0 /);
});

test.each(['inspect', 'verify', 'sign'])('%s: a layout that is not there is a wrong word', async (verb) => {
  const options = { inspect: [], verify: trust, sign: key }[verb] ?? [];
  const there = await cli([verb, `oci:${folder}/nosuch`, ...options]);
  expect(there).toMatchObject({ status: 2, stderr: expect.stringContaining('nosuch is not a folder') });
  const file = await cli([verb, `oci:${archive}`, ...options]);
  expect(file).toMatchObject({ status: 2, stderr: expect.stringContaining('use oci-archive:FILE') });
});

test('links that lead to one another', async () => {
  const loop = join(folder, 'loop');
  symlinkSync('loop', loop);
  for (const reference of [`oci:${loop}`, `oci-archive:${loop}`]) {
    const { status, stdout, stderr } = await cli(['verify', reference, ...trust]);
    expect(`${status} ${stdout}${stderr}`).toMatch(/^13 .*loop cannot be read \(ELOOP\)/s);
  }
});

test('a blob for root-hash in a folder that may not be entered', async () => {
  chmodSync(locked, 0o700);
  expect(await asOther('root-hash', `${locked}/layer.tar.gz`)).toMatch(/^4 .*cannot be read \(EACCES\)/s);
});

describe('the configuration of notation', () => {
  // Listed but not searched, searched but not listed, and neither, at the store and above it.
  const closed: [what: string, path: string, mode: number][] = [
    ['a store that may not be listed', store, 0o711],
    ['a store that is closed', store, 0o700],
    ['a store that may not be searched', store, 0o744],
    ['a closed folder above it', join(store, '..'), 0o700],
  ];

  async function closing(path: string, mode: number, work: () => Promise<string>): Promise<string> {
    chmodSync(path, mode);
    try {
      return await work();
    } finally {
      chmodSync(path, 0o755);
    }
  }

  test.each(closed)('%s: trust-store', async (_, path, mode) => {
    const args = ['verify', `oci:${layout}`, '--trust-store', 'test', '--recompute=false'];
    expect(await closing(path, mode, () => asOther(...args))).toMatch(/^2 .*cannot be read \(EACCES\)/s);
    expect(await asOther(...args)).toMatch(/^0 /);
  });

  test.each(closed)('%s: every signature that needs it is unchecked', async (_, path, mode) => {
    const scope = ['--trust-policy-scope', 'local/app', '--recompute=false'];
    const args = ['verify', `oci:${layout}`, '--trust-policy', policyFile, ...scope];
    expect(await closing(path, mode, () => asOther(...args))).toMatch(/^13 .*cannot be read \(EACCES\)/s);
    expect(await asOther(...args)).toMatch(/^0 /);
  });

  test('a closed folder with the trust policy', async () => {
    const scope = ['--trust-policy-scope', 'local/app', '--recompute=false'];
    const args = ['verify', `oci:${layout}`, '--trust-policy', 'notation', ...scope];
    expect(await closing(notation, 0o700, () => asOther(...args))).toMatch(
      /^2 .*trustpolicy\.oci\.json cannot be read \(EACCES\)/s,
    );
    expect(await asOther(...args)).toMatch(/^0 /);
  });
});
