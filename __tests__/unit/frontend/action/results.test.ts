import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { outputsOf } from '../../../../src/frontend/action/sign-outputs.ts';
import {
  alignColumns,
  formatBytes,
  formatSeconds,
  shortDigest,
} from '../../../../src/frontend/render/format.ts';
import {
  discoverCommand,
  orasTarget,
  shellQuote,
  verifyCommands,
} from '../../../../src/frontend/render/sign/check-commands.ts';
import { rootHashTable, signTable } from '../../../../src/frontend/render/sign/tables.ts';
import { ciFromEnvironment, sourceDate, untilAborted } from '../../../../src/frontend/run-context.ts';
import { artifact, digest, dryRun, hex, layer, manifestSignature, report } from '../../../helpers/reports.ts';

describe('outputs', () => {
  test('list artifacts and layers of all images in order', () => {
    const second = report({
      image: { reference: 'b', name: `b@${digest('5')}`, digest: digest('5'), mediaType: 'x' },
    });
    const outputs = outputsOf(
      [report({ artifacts: [artifact({ layers: [layer(0), layer(1)] })] }), second],
      '/r.json',
    );
    expect(outputs.digest).toBe(`${digest('9')}\n${digest('5')}`);
    expect(outputs['report-path']).toBe('/r.json');
    expect(JSON.parse(outputs['artifact-digests'])).toEqual([
      expect.objectContaining({
        platform: 'linux/amd64',
        profile: 'containerd',
        digest: digest('2'),
        reused: false,
      }),
      expect.objectContaining({ image: `b@${digest('5')}`, manifest: digest('1') }),
    ]);
    expect(JSON.parse(outputs['root-hashes'])).toHaveLength(3);
    expect(JSON.parse(outputs['root-hashes'])[1]).toEqual({
      image: `registry.example/app@${digest('9')}`,
      platform: 'linux/amd64',
      profile: 'containerd',
      manifest: digest('1'),
      index: 1,
      layer: digest('a'),
      rootHash: hex('d'),
    });
  });

  test('list manifest signatures; the index has no platform, and a dry run none', () => {
    const manifestSignatures = [manifestSignature({ platform: 'linux/amd64' }), manifestSignature()];
    const signed = JSON.parse(outputsOf([report({ manifestSignatures })], 'r')['manifest-signatures']);
    expect(signed).toEqual([
      expect.objectContaining({ platform: 'linux/amd64' }),
      {
        image: `registry.example/app@${digest('9')}`,
        platform: null,
        manifest: digest('9'),
        format: 'jws',
        digest: digest('7'),
        reused: false,
      },
    ]);
    const { referrer: _referrer, ...planned } = manifestSignature();
    expect(outputsOf([dryRun({ manifestSignatures: [planned] })], 'r')['manifest-signatures']).toBe('[]');
  });

  test('have no artifacts after a dry run, and null for an unknown platform', () => {
    const { platform: _platform, ...unknown } = artifact();
    const outputs = outputsOf([dryRun({ artifacts: [unknown] })], 'r');
    expect(outputs['artifact-digests']).toBe('[]');
    expect(JSON.parse(outputs['root-hashes'])).toEqual([expect.objectContaining({ platform: null })]);
  });
});

describe('tables', () => {
  test('sign: manifest signatures, and images whose layers are not signed', () => {
    const manifest = { mediaType: 'x', digest: digest('3'), size: 5 };
    const table = signTable(
      report({
        layersLeftOut: [{ platform: 'windows/amd64', manifest, reason: 'Windows image' }],
        manifestSignatures: [
          manifestSignature({ platform: 'windows/amd64', manifest, timestamped: true }),
          manifestSignature({ format: 'cose', expiry: '2026-01-01T00:00:00.000Z' }),
        ],
      }),
    );
    expect(table).toContain('windows/amd64: layers are NOT signed: Windows image');
    expect(table).toMatch(new RegExp(`windows/amd64 +${digest('3')} +jws, timestamped +${digest('7')}`));
    expect(table).toMatch(
      new RegExp(`index +${digest('9')} +cose, until 2026-01-01T00:00:00.000Z +${digest('7')}`),
    );
  });

  test('sign: whole digests, the referrer, and what is not signed', () => {
    const table = signTable(
      report({
        artifacts: [
          artifact({
            referrer: { digest: digest('2'), size: 1, reused: true },
            skippedLayers: [{ index: 1, digest: digest('7'), mediaType: 'x', reason: 'foreign' }],
          }),
        ],
        skipped: [
          { digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'attestation' },
        ],
      }),
    );
    for (const text of [digest('9'), digest('a'), hex('d'), `${digest('2')} (was there already)`, hex('f')]) {
      expect(table).toContain(text);
    }
    expect(table).toContain('layer 1 is NOT signed: foreign');
    expect(table).toContain(`skipped ${digest('8')} (unknown/unknown): attestation`);
    expect(table).toMatch(/^signed and attached in 3\.2 s$/m);
  });

  test('sign: a dry run says so', () => {
    expect(signTable(dryRun())).toMatch(/none \(dry run\)[\s\S]*dry run: nothing was signed or attached/);
  });

  test('root-hash: one line a layer and profile, aligned', () => {
    const entry = {
      source: 'a',
      digest: digest('a'),
      diffId: digest('b'),
      mediaType: 'x',
      profile: 'containerd' as const,
      uuid: 'u',
      imageSha256: hex('c'),
      imageSize: 8192,
      rootHash: hex('d'),
    };
    const lines = rootHashTable([
      entry,
      { ...entry, source: 'longer\u001b[31m', profile: 'containerd-tar-index' },
    ])
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(new RegExp(`^a +containerd +${digest('a')} +8\\.2 kB +${hex('d')}$`));
    expect(lines[2]).not.toContain('\u001b');
    expect(lines[1]?.indexOf('containerd')).toBe(lines[0]?.indexOf('profile'));
  });
});

describe('commands', () => {
  test.each([
    ['registry.example/app', [], 'registry.example/app'],
    ['docker://registry.example:5000/app', [], 'registry.example:5000/app'],
    ['oci:dir/with:colon', ['--oci-layout'], 'dir/with:colon'],
    ['oci-archive:image.tar', ['--oci-layout'], 'image.tar'],
  ])('%s as oras names it', (name, options, repository) => {
    const image = { reference: '', name: `${name}@${digest('9')}`, digest: digest('9'), mediaType: '' };
    expect(orasTarget({ image })).toEqual({ options, repository });
  });

  test('an image of the docker daemon as the registry has it', () => {
    const image = {
      reference: '',
      name: `docker-daemon:docker.io/library/app@${digest('9')}`,
      digest: digest('9'),
      mediaType: '',
    };
    const pushed = { reference: 'registry.example:5000/app:1.0', digest: digest('9') };
    expect(orasTarget({ image, pushed })).toEqual({ options: [], repository: 'registry.example:5000/app' });
  });

  test('quote what a shell would take apart', () => {
    expect(shellQuote('a b;$(c)\'d"')).toBe(`'a b;$(c)'\\''d"'`);
    expect(shellQuote('registry.example/app@sha256:00')).toBe('registry.example/app@sha256:00');
    const image = { reference: '', name: `oci:my dir@${digest('9')}`, digest: digest('9'), mediaType: '' };
    expect(discoverCommand(report({ image }), artifact())).toContain(`'my dir@${digest('1')}'`);
  });

  test('take the first signed layer, or none', () => {
    const { signatureDigest: _none, ...unsigned } = layer(0);
    expect(verifyCommands(report(), artifact({ layers: [unsigned, layer(1)] }))[0]).toContain(
      'layer-1.pkcs7.sig',
    );
    expect(verifyCommands(report(), artifact({ layers: [] }))).toEqual([]);
  });
});

test('numbers for people', () => {
  expect([0, 999, 1000, 81_200_000, 999_600, 5e12].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '81.2 MB',
    '1.0 MB',
    '5.0 TB',
  ]);
  expect([0.04, 3.21, 9.97, 75.4].map(formatSeconds)).toEqual(['0.0 s', '3.2 s', '10 s', '75 s']);
  expect(shortDigest(digest('a'))).toBe(`sha256:${'a'.repeat(12)}…`);
  expect(shortDigest('latest')).toBe('latest');
  expect(
    alignColumns([
      ['a', 'b'],
      ['ccc', 'd'],
    ]),
  ).toEqual(['a    b', 'ccc  d']);
});

test('SOURCE_DATE_EPOCH', () => {
  expect(sourceDate('1700000000')).toEqual(new Date('2023-11-14T22:13:20Z'));
  expect(sourceDate('')).toBeUndefined();
  expect(() => sourceDate('yesterday')).toThrow('SOURCE_DATE_EPOCH');
});

test('the workflow that a run belongs to', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_SHA: 'abc',
    GITHUB_RUN_ID: '7',
  };
  expect(ciFromEnvironment(env)).toEqual({
    source: 'https://github.example/o/r',
    revision: 'abc',
    runUrl: 'https://github.example/o/r/actions/runs/7',
  });
  // On GitHub Enterprise Server, in a run that was repeated.
  const more = {
    GITHUB_SERVER_URL: 'https://ghes.example:8443',
    GITHUB_WORKFLOW_REF: 'o/r/.github/workflows/release.yml@refs/tags/v1',
    GITHUB_RUN_ATTEMPT: '2',
  };
  expect(ciFromEnvironment({ ...env, ...more })).toEqual({
    source: 'https://ghes.example:8443/o/r',
    revision: 'abc',
    workflow: 'o/r/.github/workflows/release.yml@refs/tags/v1',
    runUrl: 'https://ghes.example:8443/o/r/actions/runs/7/attempts/2',
  });
  expect(ciFromEnvironment({ ...env, GITHUB_ACTIONS: 'false' })).toBeUndefined();
  expect(ciFromEnvironment({})).toBeUndefined();
});

describe('a failure after the signal to end', () => {
  const broken = async (): Promise<never> => {
    throw new Error('broken');
  };

  test('is told as cancelled', async () => {
    const reason = new VeritySignError('cancelled', 'stopped by SIGTERM');
    await expect(untilAborted(AbortSignal.abort(reason), broken)).rejects.toBe(reason);
  });

  test('keeps a cancellation that knows the layer, and any failure without a signal', async () => {
    const known = new VeritySignError('cancelled', 'mkfs.erofs was stopped');
    const work = () => Promise.reject(known);
    await expect(untilAborted(AbortSignal.abort(new Error('reason')), work)).rejects.toBe(known);
    await expect(untilAborted(new AbortController().signal, broken)).rejects.toThrow('broken');
  });
});
