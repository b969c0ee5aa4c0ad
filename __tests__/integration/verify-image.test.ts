import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { KEY_TYPES, openssl, type Pki, pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { BY_MKFS, verify } from '../helpers/verify.ts';

const PROFILES: ContainerdProfile[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];
const LAYERS = ['simple-gzip', 'xattrs-gzip', 'simple-gzip', 'whiteouts-zstd'];
const folder = testFolder();
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
});

function signingArgs(name: string): string[] {
  const { keyPath, chainPath } = keys.leaf(name);
  return ['--key', keyPath, '--certificate', chainPath];
}

/** Trust in whatever root the key of the test PKI has. */
const trusting = (name: string) => ({ trustedCertificates: [keys.leaf(name).caPath] });

async function vectorImage(name: string, layers: readonly string[] = LAYERS): Promise<string> {
  const layout = join(folder, name);
  await writeVectorImage(layout, layers);
  return layout;
}

async function oras(args: readonly string[], cwd: string): Promise<void> {
  await run([toolPath('oras'), ...args], { cwd, env: toolEnvironment({ HOME: cwd }) });
}

describe('images signed by sign', () => {
  test.each(KEY_TYPES)('with a key %s, three profiles, in a layout', async (name) => {
    const layout = await vectorImage(`key-${name}`, ['simple-gzip']);
    await cliOk(['sign', `oci:${layout}`, '--profile', PROFILES.join(','), ...signingArgs(name)]);
    const report = await verify(`oci:${layout}`, { ...trusting(name), profiles: PROFILES, strict: true });
    expect(report.platforms[0]?.profiles.map(({ profile, verdict }) => [profile, verdict])).toEqual(
      PROFILES.map((profile) => [profile, 'verified']),
    );
    expect(report).toMatchObject({ verdict: 'verified', recompute: true, builder: { kind: 'native' } });
    expect(report.platforms[0]?.signatures).toHaveLength(3);
  });

  test.each<RegistryKind>(['referrers-api', 'fallback-tag'])('in a registry with %s', async (kind) => {
    const registry = await startRegistry(kind);
    try {
      const layout = await vectorImage(kind);
      const reference = `${registry.host}/team/app:1`;
      await oras(
        ['cp', '-r', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http', reference],
        folder,
      );
      await cliOk(['sign', reference, '--plain-http', ...signingArgs('chained')]);
      const report = await verify(reference);
      expect(report).toMatchObject({ verdict: 'verified', oras: expect.stringMatching(/^1\./) });
      const [set] = report.platforms[0]?.signatures ?? [];
      expect(set?.layers.map(({ rootHash, recomputedRootHash }) => [rootHash, recomputedRootHash])).toEqual(
        LAYERS.map((name) => {
          const { rootHash } = vectors().find((vector) => vector.name === name)?.profiles.containerd ?? {};
          return [rootHash, rootHash];
        }),
      );
      const mkfs = await verify(reference, BY_MKFS);
      expect(mkfs).toMatchObject({ verdict: 'verified', builder: { kind: 'mkfs', class: 'C' } });
      // Without mkfs.erofs where nothing is recomputed.
      const tools = { orasPath: toolPath('oras'), mkfsPath: '/nonexistent/mkfs.erofs' };
      const without = await verify(reference, { builder: 'mkfs', recompute: false, tools });
      expect(without).toMatchObject({ verdict: 'verified' });
    } finally {
      await registry.stop();
    }
  });

  test('in an archive', async () => {
    const layout = await vectorImage('in-archive');
    const archive = join(folder, 'image.tar');
    await run(['tar', '-cf', archive, '-C', layout, '.'], { env: toolEnvironment() });
    await cliOk(['sign', `oci-archive:${archive}`, ...signingArgs('p384')]);
    expect(await verify(`oci-archive:${archive}`, trusting('p384'))).toMatchObject({ verdict: 'verified' });
  });

  test('with several platforms that share a layer, and an attestation', async () => {
    const writer = await ImageWriter.create();
    try {
      const tar = (name: string) => ({ bytes: tarOf(name) });
      const amd64 = await writer.image({ layers: [tar('base'), tar('amd64')] });
      const arm64 = await writer.image({
        layers: [tar('base'), tar('arm64')],
        platform: { os: 'linux', architecture: 'arm64' },
      });
      const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
      const attestation = {
        ...(await writer.image({ platform: { os: 'unknown', architecture: 'unknown' } })),
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      };
      const index = await writer.index([
        { ...amd64, ...platform('amd64') },
        { ...arm64, ...platform('arm64') },
        attestation,
      ]);
      await writer.add(index, 'multi');
      const image = `oci:${writer.directory}:multi`;
      await cliOk(['sign', image, '--platform', 'linux/amd64', ...signingArgs('p256')]);
      const half = await verify(image);
      expect(half.verdict).toBe('not-signed');
      expect(half.reason).toMatch(/^linux\/arm64: /);
      expect(half.platforms.map(({ verdict }) => verdict)).toEqual(['verified', 'not-signed']);
      expect(await verify(image, { platforms: ['linux/amd64'] })).toMatchObject({ verdict: 'verified' });

      await cliOk(['sign', image, ...signingArgs('p256')]);
      const whole = await verify(image, { strict: true });
      expect(whole).toMatchObject({ verdict: 'verified', skipped: [{ digest: attestation.digest }] });
    } finally {
      await writer.remove();
    }
  });
});

test('an image that hides from signing in an index, but not from nodes', async () => {
  const writer = await ImageWriter.create();
  try {
    const platform = { os: 'linux', architecture: 'amd64' };
    const good = { ...(await writer.image({ layers: [{ bytes: tarOf('good') }] })), platform };
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const evil = { ...(await writer.image({ layers: [{ bytes: tarOf('evil') }] })), platform, annotations };
    await writer.add(await writer.index([evil, good]), 'multi');
    const image = `oci:${writer.directory}:multi`;
    await writer.add(good, 'good');
    const refused = await cli(['sign', image, ...signingArgs('p256')]);
    expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining(evil.digest) });
    await cliOk(['sign', `oci:${writer.directory}:good`, ...signingArgs('p256')]);
    const report = await verify(image);
    expect(report).toMatchObject({ verdict: 'invalid', skipped: [{ digest: evil.digest }] });
    expect(report.reason).toContain(`a node may run ${evil.digest}, but its layers cannot be signed`);
    expect(report.platforms.map(({ verdict }) => verdict)).toEqual(['verified', 'invalid']);
    expect(await verify(image, { platforms: ['linux/amd64'] })).toMatchObject({ verdict: 'invalid' });
  } finally {
    await writer.remove();
  }
});

describe('signatures that others made: openssl smime and oras attach', () => {
  let registry: TestRegistry;
  const layers = ['simple-gzip', 'whiteouts-zstd'];

  beforeAll(async () => {
    registry = await startRegistry('referrers-api');
  });
  afterAll(() => registry.stop());

  /** As by hand: one file per layer, nothing but the proposal's annotations. */
  async function attachByHand(
    target: string[],
    profile: ContainerdProfile,
    signer: string,
    digest: string,
  ): Promise<void> {
    const work = join(folder, `by-hand-${signer}-${profile}-${target.length}`);
    mkdirSync(work);
    const annotations: Record<string, Record<string, string>> = {
      $manifest: { 'io.cncf.notary.dm-verity.signature': 'true' },
    };
    const files: string[] = [];
    const { keyPath, certPath } = keys.leaf(signer);
    for (const [index, name] of layers.entries()) {
      const vector = vectors().find((candidate) => candidate.name === name);
      const rootHash = vector?.profiles[profile].rootHash ?? '';
      const file = `layer-${index}.pkcs7.sig`;
      writeFileSync(join(work, 'root-hash'), rootHash);
      await openssl(
        [
          ...['smime', '-sign', '-noattr', '-binary', '-in', 'root-hash', '-inkey', keyPath],
          ...['-signer', certPath, '-outform', 'DER', '-out', file, '-md', 'sha256'],
        ],
        work,
      );
      files.push(`${file}:application/pkcs7-signature`);
      annotations[file] = {
        'io.cncf.notary.layer.digest': vector?.digest ?? '',
        'io.cncf.notary.dm-verity.root-hash': rootHash,
      };
    }
    writeFileSync(join(work, 'annotations.json'), JSON.stringify(annotations));
    const type = 'application/vnd.cncf.notary.signature.dm-verity';
    const [option = '', repository = ''] = target;
    await oras(
      [
        ...['attach', option, `${repository}@${digest}`, '--artifact-type', type],
        ...['--annotation-file', 'annotations.json', ...files],
      ],
      work,
    );
  }

  test.each<[string, ContainerdProfile]>([
    ['rsa2048', 'containerd'],
    ['p256', 'containerd-tar-index'],
  ])('by %s in a registry: the profile %s is found by building', async (signer, profile) => {
    const layout = await vectorImage(`hand-${signer}`, layers);
    const repository = `${registry.host}/hand/${signer}`;
    const from = ['cp', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http', `${repository}:1`];
    await oras(from, folder);
    const { image } = await verify(`${repository}:1`);
    await attachByHand(['--plain-http', repository], profile, signer, image.digest ?? '');

    const found = await verify(`${repository}:1`, { profiles: [profile], strict: true });
    expect(found.verdict).toBe('verified');
    expect(found.platforms[0]?.signatures).toMatchObject([
      { profile, notes: [`records no profile, its root hashes are those of ${profile}`] },
    ]);
    expect(await verify(`${repository}:1`, { profiles: ['containerd-cache'] })).toMatchObject({
      verdict: 'not-signed',
      reason: `profile containerd-cache: there are signatures only for ${profile}`,
    });
    const unbuilt = await verify(`${repository}:1`, { recompute: false, profiles: ['containerd-cache'] });
    expect(unbuilt.verdict).toBe('verified');
    expect(unbuilt.platforms[0]?.signatures[0]?.notes).toEqual([
      'records no profile, counted for containerd-cache',
    ]);
    expect(unbuilt.notes[0]).toMatch(/the signer is proven, but not that/);
  });

  test('in a layout', async () => {
    const layout = await vectorImage('hand-layout', layers);
    const { image } = await verify(`oci:${layout}`);
    const manifest: Descriptor = {
      mediaType: image.mediaType ?? '',
      digest: image.digest ?? '',
      size: 0,
    };
    await attachByHand(['--oci-layout', layout], 'containerd', 'p256', manifest.digest);
    expect(await verify(`oci:${layout}:vectors`)).toMatchObject({ verdict: 'verified' });
  });
});

describe('trust', () => {
  let layout: string;

  beforeAll(async () => {
    layout = await vectorImage('trust', ['simple-gzip']);
    await cliOk(['sign', `oci:${layout}`, ...signingArgs('chained')]);
  });

  const signed = (changes: Parameters<typeof verify>[1]) =>
    verify(`oci:${layout}`, { recompute: false, ...changes });

  test.each([
    ['the root', 'root'],
    ['an intermediate', 'issuing'],
    ['the signer itself', 'chained'],
  ])('in %s', async (_what, name) => {
    const trustedCertificates = [join(keys.dir, `${name}.pem`)];
    expect(await signed({ trustedCertificates })).toMatchObject({ verdict: 'verified' });
  });

  test("in one of notation's stores, PEM or DER", async () => {
    const store = join(folder, 'config/notation/truststore/x509/ca/release');
    mkdirSync(store, { recursive: true });
    cpSync(join(keys.dir, 'ecroot.pem'), join(store, 'other.pem'));
    const args = ['verify', `oci:${layout}`, '--trust-store', 'release', '--recompute=false'];
    const env = { XDG_CONFIG_HOME: join(folder, 'config') };
    expect(await cli(args, { env })).toMatchObject({ status: 12 });
    const der = [
      'x509',
      '-in',
      join(keys.dir, 'root.pem'),
      '-outform',
      'DER',
      '-out',
      join(store, 'root.crt'),
    ];
    await openssl(der, folder);
    expect(await cli(args, { env })).toMatchObject({ status: 0 });
    expect(await cli(args.with(3, 'absent'), { env })).toMatchObject({ status: 2 });
    expect(await cli(args.with(3, '../ca/release'), { env })).toMatchObject({ status: 2 });
  });

  test('in nobody, or in what is no certificate: a usage error', async () => {
    await expect(signed({ trustedCertificates: [] })).rejects.toMatchObject({ code: 'usage' });
    const key = keys.leaf('p256').keyPath;
    await expect(signed({ trustedCertificates: [key] })).rejects.toMatchObject({ code: 'usage' });
    await expect(signed({ trustedCertificates: ['/nonexistent'] })).rejects.toMatchObject({ code: 'usage' });
  });

  test('only in a signer of this identity', async () => {
    const right = ['CN=chained,O=Layer signing test', 'x509.subject: CN=chained'];
    for (const identity of right) {
      expect(await signed({ signerIdentities: [identity] })).toMatchObject({ verdict: 'verified' });
    }
    expect(await signed({ signerIdentities: ['CN=other', 'CN=chained'] })).toMatchObject({
      verdict: 'verified',
    });
    const wrong = await signed({ signerIdentities: ['CN=chained,O=Other'] });
    expect(wrong.verdict).toBe('not-trusted');
    expect(wrong.reason).toMatch(
      /"CN=chained,O=Layer signing test".* is not among the requested signer identities/,
    );
    const [signer] = wrong.platforms[0]?.signatures[0]?.signers ?? [];
    const fingerprint = signer?.fingerprint ?? '';
    expect(await signed({ signerIdentities: [`sha256:${fingerprint}`] })).toMatchObject({
      verdict: 'verified',
    });
    expect(await signed({ signerIdentities: ['0'.repeat(64)] })).toMatchObject({ verdict: 'not-trusted' });
  });

  test('at another time', async () => {
    const before = await signed({ at: new Date('2024-01-01T00:00:00Z') });
    expect(before).toMatchObject({ verdict: 'not-trusted', validAt: '2024-01-01T00:00:00.000Z' });
    expect(before.reason).toMatch(/is not valid before 2025/);
    const after = new Date('2056-01-01T00:00:00Z');
    expect((await signed({ at: after })).reason).toMatch(/expired on 2055/);
    const allowed = await signed({ at: after, allowExpired: true });
    expect(allowed.verdict).toBe('verified');
    expect(allowed.platforms[0]?.signatures[0]?.notes.join()).toMatch(/expired on 2055.*allowed/);
  });
});

/** A tar with one file; what mkfs.erofs makes of it does not matter here. */
function tarOf(name: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write('00000000004\0', 124);
  header.write('00000000001\0', 136);
  header.write('        0', 148);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const data = Buffer.alloc(512);
  data.write('data');
  return Buffer.concat([header, data, Buffer.alloc(1024)]);
}
