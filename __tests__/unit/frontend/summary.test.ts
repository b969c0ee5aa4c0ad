import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../../src/frontend/summary.ts';
import { artifact, digest, dryRun, hex, layer, report } from './reports.ts';

test('a signed image: everything to know and to copy', () => {
  const summary = renderSummary([
    report({ artifacts: [artifact({ layers: [layer(0), layer(1, { sameAs: 0 })] })] }),
  ]);
  expect(summary).toContain(`registry.example/app&#64;sha256&#58;${hex('9')}`);
  expect(summary).toContain('CN=Test signer');
  expect(summary).toContain(hex('f'));
  expect(summary).toContain('1.9.4, class C');
  expect(summary).toMatch(
    /\| 0 \| <code>sha256&#58;a{12}…<\/code> \| 81\.2 MB \| 225 MB \| <code>d{12}…<\/code> \| 1\.8 s \|/,
  );
  expect(summary).toContain('| as layer 0 |');
  expect(summary).toContain(`layer 0 ${digest('a')}\n  root hash ${hex('d')}\n  signature ${digest('e')}`);
  expect(summary).toContain(
    `oras discover --artifact-type application/vnd.cncf.notary.signature.dm-verity registry.example/app@${digest('1')}`,
  );
  expect(summary).toContain(`oras blob fetch --output layer-0.pkcs7.sig registry.example/app@${digest('e')}`);
  expect(summary).toContain(`printf %s ${hex('d')} > roothash`);
  expect(summary).toContain('mkfs_options = ["-T0", "--mkfs-time", "--sort=none"]');
});

test('a dry run has no signer, referrer or commands', () => {
  const summary = renderSummary([dryRun()]);
  expect(summary).toContain('dry run');
  expect(summary).toContain(hex('d'));
  expect(summary).not.toContain('Signer');
  expect(summary).not.toContain('openssl');
  expect(summary).not.toContain('undefined');
});

test('what is not signed, and what a node will miss, stands out', () => {
  const summary = renderSummary([
    report({
      artifacts: [
        artifact({
          layers: [layer(0, { dropped: { count: 1, examples: ['usr/bin/old (typeflag NUL: left out)'] } })],
          skippedLayers: [{ index: 1, digest: digest('7'), mediaType: 'x', reason: 'nondistributable' }],
        }),
      ],
      skipped: [
        { digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'attestation manifest' },
      ],
    }),
  ]);
  expect(summary).toContain('> **Layer 1 is not signed**');
  expect(summary).toContain('left out or altered 1 entry**');
  expect(summary).toContain('usr/bin/old &#40;typeflag NUL&#58; left out&#41;');
  expect(summary).toMatch(/sha256&#58;8{64}<\/code> \| unknown\/unknown \| attestation manifest \|/);
});

test('settings appear once for each profile, however many platforms', () => {
  const summary = renderSummary([
    report({
      artifacts: [
        artifact(),
        artifact({ platform: 'linux/arm64' }),
        artifact({ profile: 'containerd-tar-index', mkfsOptions: ['-T0', '--mkfs-time'], blockSize: 512 }),
        artifact({ profile: 'containerd-cache' }),
      ],
    }),
  ]);
  expect(summary.match(/containerd settings for profile/g)).toHaveLength(3);
  expect(summary.match(/enable_tar_index = true/g)).toHaveLength(1);
  expect(summary).toContain('layer_content_caches');
  expect(summary).toContain('--mkfs-options "-T0 --mkfs-time --sort=none" IMAGE');
});

describe('text that is not ours', () => {
  const hostile = '<img src=x onerror=alert(1)>|`**[a](javascript:b)**`\n\n# title\u001b[31m @team $x$';
  const summary = renderSummary([
    report({
      image: { reference: hostile, name: `${hostile}@${digest('9')}`, digest: digest('9'), mediaType: 'x' },
      artifacts: [
        artifact({
          platform: hostile,
          layers: [layer(0, { dropped: { count: 2, examples: [hostile, '```\n</details>'] } })],
        }),
      ],
      skipped: [{ digest: digest('8'), mediaType: 'x', reason: hostile }],
    }),
  ]);
  const withoutCode = summary.replaceAll(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '');

  test('makes no HTML, link, code, heading or mention', () => {
    expect(withoutCode).not.toContain('<img');
    expect(withoutCode).not.toContain('](');
    expect(withoutCode).not.toContain('@team');
    expect(withoutCode).not.toContain('`');
    expect(withoutCode).not.toContain('\u001b');
    expect(withoutCode).not.toMatch(/^# title/m);
  });

  test('breaks no table', () => {
    const rows = withoutCode.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.filter((row) => row.includes('onerror'))).not.toEqual([]);
    for (const row of rows) expect([3, 4, 7]).toContain(row.split('|').length - 1);
  });

  test('cannot end a fold or a fence', () => {
    expect(withoutCode.match(/<details>/g)?.length).toBe(withoutCode.match(/<\/details>/g)?.length);
  });
});

test('many layers stay below the limit, with a note', () => {
  const layers = Array.from({ length: 100 }, (_, index) => layer(index));
  const artifacts = Array.from({ length: 100 }, (_, index) =>
    artifact({ platform: `linux/p${index}`, layers }),
  );
  const summary = renderSummary([report({ artifacts })]);
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  expect(Buffer.byteLength(summary)).toBeGreaterThan(512 * 1024);
  expect(summary).toMatch(/The rest does not fit/);
  expect(summary.match(/<details>/g)?.length).toBe(summary.match(/<\/details>/g)?.length);
});
