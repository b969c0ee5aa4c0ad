import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import { REPORT_HEAD } from '../../src/report/tool.ts';
import { type CliOptions, cliOk } from '../helpers/cli.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { type Vector, vectors, writeVectorImage } from '../helpers/vector-image.ts';

const PROFILES: ContainerdProfile[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];
const folder = testFolder(0o755);
const all = vectors();

const BUILDERS = ['native', 'mkfs'] as const;
type Builder = (typeof BUILDERS)[number];

function expected(
  source: (vector: Vector) => string,
  profiles: readonly ContainerdProfile[],
  builder: Builder,
): RootHashEntry[] {
  return all.flatMap((vector) =>
    profiles.map((profile) => {
      const { uuid, imageSha256, imageSize, rootHash } = vector.profiles[profile];
      const { digest, diffId, mediaType } = vector;
      return {
        ...REPORT_HEAD,
        source: source(vector),
        digest,
        diffId,
        mediaType,
        profile,
        ...(builder === 'native' ? { class: 'C' as const } : { imageSha256 }),
        uuid,
        imageSize,
        rootHash,
      };
    }),
  );
}

async function rootHashesOfBlobs(
  blobs: readonly string[],
  builder: Builder,
  options: CliOptions = {},
): Promise<RootHashEntry[]> {
  const args = ['root-hash', '--json', '--builder', builder, '--profile', PROFILES.join(','), ...blobs];
  return JSON.parse((await cliOk(args, options)).stdout) as RootHashEntry[];
}

describe.each(BUILDERS)('the vectors of mkfs.erofs and veritysetup, by %s', (builder) => {
  test('root-hash on blobs: 28 layers in three profiles', async () => {
    const entries = await rootHashesOfBlobs(
      all.map(({ path }) => path),
      builder,
    );
    expect(entries).toHaveLength(28 * 3);
    expect(entries).toEqual(expected(({ path }) => path, PROFILES, builder));
  });

  test('the same as uid 1001, with SOURCE_DATE_EPOCH and other oddities in the environment', async () => {
    const open = ({ name }: Vector): string => join(folder, name);
    for (const vector of all) cpSync(vector.path, open(vector));
    const entries = await rootHashesOfBlobs(all.map(open), builder, {
      unprivileged: true,
      env: {
        SOURCE_DATE_EPOCH: '1700000000',
        TZ: 'Asia/Tokyo',
        LANG: 'tr_TR.UTF-8',
        TMPDIR: '/tmp',
        NODE_OPTIONS: '--no-deprecation',
      },
      prefix: ['sh', '-c', 'umask 077; test "$(id -u)" != 0 && exec "$0" "$@"'],
    });
    expect(entries).toEqual(expected(open, PROFILES, builder));
  });

  test('sign on an image made of them: every root hash, image hash and signature', async () => {
    const layout = join(folder, `signed-${builder}`);
    await writeVectorImage(layout);
    const { leaf } = await pki();
    const { keyPath, chainPath, caPath } = leaf('p256');
    const reportFile = join(folder, 'report.json');
    await cliOk([
      'sign',
      `oci:${layout}:vectors`,
      '--builder',
      builder,
      '--profile',
      PROFILES.join(','),
      '--key',
      keyPath,
      '--certificate',
      chainPath,
      '--report',
      reportFile,
    ]);
    const [report] = JSON.parse(readFileSync(reportFile, 'utf8')) as SignReport[];
    expect(report?.artifacts.map(({ profile }) => profile)).toEqual(PROFILES);
    for (const { profile, layers } of report?.artifacts ?? []) {
      expect(
        layers.map(({ digest, rootHash, erofsSize, uuid }) => ({ digest, rootHash, erofsSize, uuid })),
      ).toEqual(
        all.map(({ digest, profiles }) => {
          const { rootHash, imageSize, uuid } = profiles[profile as ContainerdProfile];
          return { digest, rootHash, erofsSize: imageSize, uuid };
        }),
      );
      for (const { index, rootHash, signatureDigest } of layers) {
        const content = join(folder, `root-hash-${profile}-${index}`);
        writeFileSync(content, rootHash);
        const signature = join(layout, 'blobs', signatureDigest?.replace(':', '/') ?? '');
        await openssl(
          [
            'smime',
            '-verify',
            '-binary',
            '-inform',
            'DER',
            '-in',
            signature,
            '-content',
            content,
            '-CAfile',
            caPath,
          ],
          folder,
        );
      }
    }
    expect(report?.artifacts).toHaveLength(3);
  });

  test('nothing stays in the temporary folder', async () => {
    const temporary = join(folder, `temporary-${builder}`);
    mkdirSync(temporary);
    const layout = join(folder, `clean-${builder}`);
    await writeVectorImage(layout, ['simple-gzip', 'xattrs-gzip']);
    await cliOk(['sign', `oci:${layout}`, '--builder', builder, '--dry-run', '--temp-dir', temporary]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
