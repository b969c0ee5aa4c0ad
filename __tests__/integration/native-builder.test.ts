import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { buildDemoImage } from '../../scripts/demo-image.ts';
import { run } from '../../src/lib/process/run.ts';
import { type ContainerdProfile, KNOWN_CLASSES } from '../../src/model/profiles.ts';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import { REPORT_HEAD } from '../../src/report/tool.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { importWithContainerd } from '../helpers/containerd.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { paxHeader, rawTar } from '../helpers/raw-tar.ts';
import { fakeMkfs } from '../helpers/run-child.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const PROFILES: ContainerdProfile[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];
const NATIVE = ['--builder', 'native'];
const MKFS = ['--builder', 'mkfs'];
const folder = testFolder(0o755);
const fakes = testFolder();
/** No program at all can be found. */
const BARE = { env: { PATH: '/nonexistent' } };

async function rootHashes(args: readonly string[], options = BARE): Promise<RootHashEntry[]> {
  return JSON.parse((await cliOk(['root-hash', '--json', ...args], options)).stdout) as RootHashEntry[];
}

async function sign(layout: string, args: readonly string[], options = {}): Promise<SignReport> {
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  const report = `${layout}-sign.json`;
  const signer = ['--key', keyPath, '--certificate', chainPath, '--report', report];
  await cliOk(['sign', `oci:${layout}`, ...signer, ...args], options);
  return (JSON.parse(readFileSync(report, 'utf8')) as [SignReport])[0];
}

async function verify(
  layout: string,
  args: readonly string[],
  options = {},
): Promise<{ result: CliResult; report: VerifyReport }> {
  const { caPath } = (await pki()).leaf('p256');
  const report = `${layout}-verify.json`;
  const trust = ['--trusted-certificate', caPath, '--report', report];
  const result = await cli(['verify', `oci:${layout}`, ...trust, ...args], options);
  return { result, report: (JSON.parse(readFileSync(report, 'utf8')) as [VerifyReport])[0] };
}

const one = async (name: string, names: readonly string[]): Promise<string> => {
  const layout = join(folder, name);
  await writeVectorImage(layout, names);
  return layout;
};

/** Digests of the layers' signatures in each signature manifest of a layout. */
function signatureDigests(layout: string): string[][] {
  const blobs = join(layout, 'blobs/sha256');
  return readdirSync(blobs)
    .map((name) => readFileSync(join(blobs, name)))
    .filter((bytes) => bytes.includes('"artifactType":"application/vnd.cncf.notary.signature.dm-verity"'))
    .map((bytes) => JSON.parse(bytes.toString('utf8')) as { layers?: { digest: string }[] })
    .flatMap(({ layers }) => (layers === undefined ? [] : [layers.map(({ digest }) => digest)]));
}

describe('on a machine without mkfs.erofs', () => {
  test('all vectors in all profiles and in the classes A, B and C, from one run', async () => {
    const all = vectors();
    const old = new Map(vectors('1.8.10').map((vector) => [vector.name, vector]));
    const args = [...NATIVE, '--profile', PROFILES.join(','), '--erofs-utils-version', '1.8.10,B,1.9.4'];
    const entries = await rootHashes([...args, ...all.map(({ path }) => path)]);
    expect(entries).toHaveLength(28 * 3 * 3);
    const told = entries.filter((entry) => entry.class !== 'B');
    expect(told).toEqual(
      all.flatMap((vector) =>
        PROFILES.flatMap((profile) =>
          (['A', 'C'] as const).map((of) => {
            const { path, digest, diffId, mediaType, name } = vector;
            const { uuid, imageSize, rootHash } =
              (of === 'A' ? old.get(name) : vector)?.profiles[profile] ?? {};
            const entry = { source: path, digest, diffId, mediaType, profile, class: of };
            return { ...REPORT_HEAD, ...entry, uuid, imageSize, rootHash };
          }),
        ),
      ),
    );
  });

  test('sign, verify and openssl: vectors and the demo image', async () => {
    const { caPath } = (await pki()).leaf('p256');
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const layout = await one('bare', [
      'simple-gzip',
      'xattrs-gzip',
      'dirs-zstd',
      'big-gzip',
      'whiteouts-tar',
    ]);
    const demo = join(folder, 'demo');
    await buildDemoImage(demo);
    for (const image of [layout, demo]) {
      const options = ['--profile', PROFILES.join(','), '--temp-dir', temporary];
      const report = await sign(image, options, BARE);
      expect(report.builder).toEqual({ kind: 'native', classes: ['C'] });
      expect(report.artifacts.map(({ profile, class: of }) => [profile, of])).toEqual(
        PROFILES.map((profile) => [profile, 'C']),
      );
      for (const { profile, layers } of report.artifacts) {
        for (const { index, rootHash, signatureDigest = '' } of layers) {
          const content = join(folder, `root-hash-${profile}-${index}`);
          writeFileSync(content, rootHash);
          const signature = join(image, 'blobs', signatureDigest.replace(':', '/'));
          const checked = ['-inform', 'DER', '-in', signature, '-content', content, '-CAfile', caPath];
          await openssl(['smime', '-verify', '-binary', ...checked], folder);
        }
      }
      const { result, report: verified } = await verify(image, options, BARE);
      expect([result.status, verified.verdict, verified.builder]).toEqual([
        0,
        'verified',
        { kind: 'native', classes: [] },
      ]);
      expect(result.stdout).toContain('native builder');
      expect(result.stdout).not.toContain('mkfs.erofs');
    }
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('the demo image is signed and verified with default options', async () => {
    const demo = join(folder, 'demo-default');
    await buildDemoImage(demo);
    const signed = await sign(demo, [], BARE);
    expect(signed.builder).toEqual({ kind: 'native', classes: ['C'] });
    expect(signed.artifacts).toMatchObject([{ profile: 'containerd', class: 'C' }]);
    const { result, report } = await verify(demo, [], BARE);
    expect([result.status, report.verdict, report.builder?.kind]).toEqual([0, 'verified', 'native']);
    // The same root hashes as mkfs.erofs, where there is one.
    expect((await verify(demo, MKFS)).report.verdict).toBe('verified');
  });

  test('mkfs.erofs says that it is missing, and how to do without', async () => {
    const layout = await one('missing', ['simple-gzip']);
    await sign(layout, [], BARE);
    const { result } = await verify(layout, [...MKFS, '--mkfs-path', '/nonexistent/mkfs.erofs'], BARE);
    expect(result.status).toBe(13);
    expect(result.stderr).toMatch(/is not an executable file\. Omit builder: mkfs, or/);
  });
});

describe('one builder checks the other', () => {
  test('signed with mkfs.erofs, verified natively, and the other way round', async () => {
    const names = ['xattrs-gzip', 'links-gzip', 'devices-gzip'];
    const byMkfs = await one('by-mkfs', names);
    expect((await sign(byMkfs, MKFS)).builder).toMatchObject({ kind: 'mkfs', class: 'C' });
    expect((await verify(byMkfs, [], BARE)).report.verdict).toBe('verified');
    const natively = await one('natively', names);
    await sign(natively, [], BARE);
    const { report } = await verify(natively, MKFS);
    expect([report.verdict, report.builder?.kind]).toEqual(['verified', 'mkfs']);
    // What one has attached serves the other.
    expect((await sign(natively, MKFS)).artifacts[0]?.referrer?.reused).toBe(true);
  });

  test('verify follows the class that is recorded, unless one is asked for', async () => {
    const layout = await one('class-a', ['xattrs-gzip', 'simple-gzip']);
    await sign(layout, [...NATIVE, '--erofs-utils-version', '1.9.1'], BARE);
    const followed = await verify(layout, NATIVE, BARE);
    expect(followed.report.verdict).toBe('verified');
    expect(followed.report.platforms[0]?.signatures[0]?.erofsUtils).toEqual({ class: 'A' });
    const asked = await verify(layout, [...NATIVE, '--erofs-utils-version', 'C'], BARE);
    expect(asked.report.verdict).toBe('invalid');
    expect(asked.report.reason).toContain('signed for erofs-utils class A');
    const mkfs = await verify(layout, MKFS);
    expect(mkfs.report.reason).toContain('built by erofs-utils class A');
  });

  test('several classes: an artifact each, and one for those that agree', async () => {
    const differ = await one('classes', ['xattrs-gzip']);
    const args = [...NATIVE, '--erofs-utils-version', 'C,A'];
    const { artifacts } = await sign(differ, args, BARE);
    expect(artifacts.map(({ class: of }) => of)).toEqual(['C', 'A']);
    expect(new Set(artifacts.map(({ referrer }) => referrer?.digest)).size).toBe(2);
    const { report } = await verify(differ, [...NATIVE, '--strict'], BARE);
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.signatures.map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
    const agree = await one('agreed', ['simple-gzip']);
    const [first, second] = (await sign(agree, args, BARE)).artifacts;
    expect(second?.referrer).toEqual({ ...first?.referrer, reused: true });
  });

  test('all classes: an artifact for each that differs, and one signature for each root hash', async () => {
    const layout = await one('all', ['xattrs-gzip', 'simple-gzip']);
    const args = [...NATIVE, '--erofs-utils-version', 'all'];
    const { artifacts } = await sign(layout, args, BARE);
    expect(artifacts.map(({ class: of }) => of)).toEqual([...KNOWN_CLASSES]);
    const roots = artifacts.map(({ layers }) => layers.map(({ rootHash }) => rootHash));
    expect(roots).toEqual([roots[0], roots[1], roots[1], roots[1]]);
    // Only the order of attributes differs: B, A and 1.8.6 share an artifact, and the second layer is in both.
    expect(new Set(artifacts.map(({ referrer }) => referrer?.digest)).size).toBe(2);
    const [of = [], other = []] = signatureDigests(layout);
    // Signatures of P-256 are random: the same bytes are one call of the key.
    expect([of.length, other.length, of[0] === other[0], of[1] === other[1]]).toEqual([2, 2, false, true]);
    const { report } = await verify(layout, [...NATIVE, '--strict'], BARE);
    expect(report.verdict).toBe('verified');

    const index = await one('all-index', ['simple-gzip']);
    const report186 = await sign(index, [...args, '--profile', 'containerd-tar-index'], BARE);
    expect(report186.artifacts.map(({ class: of }) => of)).toEqual([...KNOWN_CLASSES]);
    // Every tar index of 1.8.6 differs; the verifier follows the recorded class.
    expect(new Set(report186.artifacts.map(({ referrer }) => referrer?.digest)).size).toBe(2);
    const verified = await verify(index, [...NATIVE, '--strict', '--profile', 'containerd-tar-index'], BARE);
    expect(verified.report.verdict).toBe('verified');
    expect(
      verified.report.platforms[0]?.signatures.map(({ erofsUtils }) => erofsUtils?.class).sort(),
    ).toEqual(['1.8.6', 'C']);
  });
});

describe('cross-check', () => {
  test('both builders agree', async () => {
    const layout = await one('checked', ['xattrs-gzip', 'simple-gzip']);
    const report = await sign(layout, [...MKFS, '--cross-check', '--profile', PROFILES.join(',')]);
    expect(report.builder).toMatchObject({ kind: 'mkfs', crossCheck: { kind: 'native', classes: ['C'] } });
    const { report: verified } = await verify(layout, ['--cross-check']);
    expect(verified).toMatchObject({ verdict: 'verified', builder: { crossCheck: { kind: 'mkfs' } } });
  });

  test('a difference names the file, and stores a reproducer without contents', async () => {
    const tar = rawTar(
      ...Array.from({ length: 20 }, (_, at) => ({
        name: `fine-${at}`,
        data: Buffer.from('secret contents'),
      })),
      paxHeader({ path: 'dir/culprit' }),
      { name: 'short', data: Buffer.from('secret contents') },
      { name: 'after' },
    );
    const layer = join(folder, 'culprit.tar');
    writeFileSync(layer, tar);
    const fake = fakeMkfs(
      fakes,
      `"$REAL" "$@" || exit $?
       if [ -n "$IMAGE" ] && grep -q culprit "$IMAGE"; then
         printf X | dd of="$IMAGE" bs=1 seek=3 conv=notrunc 2>/dev/null
       fi
       exit 0`,
    );
    const temporary = join(folder, 'reproducers');
    mkdirSync(temporary);
    const args = ['root-hash', layer, '--cross-check', '--mkfs-path', fake, '--temp-dir', temporary];
    const { status, stderr } = await cli(args);
    expect(status).toBe(4);
    expect(stderr).toMatch(/produce different images for "dir\/culprit" \(containerd: root hashes/);
    const path = /reproducer: (\S+\/layer-0\.tar\.gz)/.exec(stderr)?.[1] ?? '';
    expect(path.startsWith(temporary)).toBe(true);
    const reproducer = gunzipSync(readFileSync(path));
    expect(reproducer.includes('dir/culprit')).toBe(true);
    expect(reproducer.includes('fine-')).toBe(false);
    expect(reproducer.includes('secret')).toBe(false);
    expect(reproducer.length).toBeLessThan(4096);
    expect(readdirSync(temporary)).toHaveLength(1);
    // The reproducer is a layer of which the same holds.
    expect((await cli(['root-hash', path, ...args.slice(2)])).stderr).toContain('produce different images');
  });

  test('a class that mkfs.erofs does not have cannot be checked', async () => {
    const layout = await one('unchecked', ['simple-gzip']);
    const signing = (versions: string): Promise<CliResult> =>
      cli(['sign', `oci:${layout}`, '--cross-check', '--erofs-utils-version', versions, '--dry-run']);
    const { status, stderr } = await signing('A,B');
    expect([status, stderr]).toEqual([4, expect.stringContaining('mkfs.erofs is of class C')]);
    // One version is demanded of mkfs.erofs too.
    const single = await signing('A');
    expect([single.status, single.stderr]).toEqual([4, expect.stringContaining('requires class A')]);
  });
});

describe('what the native builder refuses', () => {
  test.each([
    [
      ['--erofs-utils-version', '1.9.5'],
      /1\.9\.5 is not supported by the native builder\. .*builder to mkfs/,
    ],
    [['--erofs-utils-version', 'any'], /any has no effect with builder native\. Set builder to mkfs/],
    [
      ['--erofs-utils-version', 'constructor'],
      /constructor is not supported by the native builder\. Use a class \(1\.8\.6, A, B or C\), one of/,
    ],
    [
      ['--mkfs-options', '-T0 -zlz4'],
      /mkfs-options -T0 -zlz4 are not supported by the native builder\. .*builder to mkfs/,
    ],
    [['--mkfs-path', '/bin/true'], /mkfs-path has no effect with builder native/],
  ])('%j', async (args, message) => {
    const { status, stderr } = await cli(['root-hash', '/dev/null', ...NATIVE, ...args], BARE);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  const file = { name: 'file', data: Buffer.from('x') };
  test.each<[string, Buffer, RegExp]>([
    ['fault 17', rawTar(paxHeader({ size: '-5' }), file), /negative size/],
    ['fault 18', rawTar({ ...file, checksum: '0000001' }), /bad checksum/],
    ['fault 19', rawTar({ name: 'link', typeflag: '1', linkname: 'none' }), /target is missing/],
    ['fault 20', rawTar({ name: 'link', typeflag: '1', linkname: '/' }), /hard link to the root/],
    ['a long name', rawTar(paxHeader({ path: 'n'.repeat(300) }), file), /255/],
    ['a cut file', rawTar(file).subarray(0, 512), /cut/],
  ])('%s: a malformed layer', async (name, tar, message) => {
    const layer = join(folder, `${name}.tar`);
    writeFileSync(layer, tar);
    for (const profile of PROFILES) {
      const { status, stderr } = await cli(['root-hash', layer, ...NATIVE, '--profile', profile], BARE);
      expect([status, stderr]).toEqual([3, expect.stringMatching(message)]);
    }
  });

  test('a layer that is not the one in the manifest, whatever is in it', async () => {
    const layout = await one('forged', ['simple-gzip', 'dirs-tar']);
    const forged = vectors().find(({ name }) => name === 'dirs-tar');
    const path = join(layout, 'blobs', forged?.digest.replace(':', '/') ?? '');
    writeFileSync(path, readFileSync(path).fill(0xff, 512, 1024));
    const { status, stderr } = await cli(['sign', `oci:${layout}`, ...NATIVE, '--dry-run'], BARE);
    expect([status, stderr]).toEqual([3, expect.stringContaining('but the image names')]);
  });

  test('what is dropped is told', async () => {
    const layer = join(folder, 'dropped.tar');
    writeFileSync(layer, rawTar({ ...file, typeflag: '\0' }, file));
    const { stderr } = await cliOk(['root-hash', layer, ...NATIVE], BARE);
    expect(stderr).toContain('file (typeflag NUL: dropped)');
  });
});

test("containerd's own layer.erofs have the root hashes, says veritysetup", async () => {
  const layout = await one('containerd', [
    'dirs-gzip',
    'xattrs-gzip',
    'links-gzip',
    'modes-gzip',
    'big-gzip',
  ]);
  const expected = (await rootHashes([...NATIVE, `oci:${layout}`])).map(({ rootHash }) => rootHash);
  const archive = `${layout}.tar`;
  const env = toolEnvironment();
  await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], { env });
  const image = await importWithContainerd(archive);
  try {
    const found: string[] = [];
    for (const { path } of image.layers) {
      const options = ['--salt', '0'.repeat(64), '--data-block-size=4096', '--hash-block-size=4096'];
      const hashes = join(folder, 'hashes');
      const { stdout } = await run([toolPath('veritysetup'), 'format', ...options, path, hashes], { env });
      found.push(/Root hash:\s*([0-9a-f]{64})/.exec(stdout.toString())?.[1] ?? '');
    }
    expect(found).toEqual(expected);
  } finally {
    await image.stop();
  }
});
