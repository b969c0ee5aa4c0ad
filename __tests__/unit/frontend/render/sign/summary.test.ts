import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../../../../src/frontend/render/sign/summary.ts';
import {
  artifact,
  digest,
  dryRun,
  hex,
  layer,
  manifestSignature,
  report,
} from '../../../../helpers/reports.ts';

test('a signed image: everything to know and to copy', () => {
  const summary = renderSummary([
    report({ artifacts: [artifact({ layers: [layer(0), layer(1, { sameAs: 0 })] })] }),
  ]);
  expect(summary).toContain(`registry&#46;example/app&#64;sha256&#58;${hex('9')}`);
  expect(summary).toContain('CN=Test signer');
  expect(summary).toContain(hex('f'));
  expect(summary).toContain('1.9.4, class C');
  expect(summary).toMatch(
    /\| 0 \| <code>sha256&#58;a{12}…<\/code> \| 81\.2 MB \| 225 MB \| <code>d{12}…<\/code> \| 1\.8 s \|/,
  );
  expect(summary).toContain('| same as layer 0 |');
  expect(summary).toContain(`layer 0 ${digest('a')}\n  root hash ${hex('d')}\n  signature ${digest('e')}`);
  expect(summary).toContain(
    `oras discover --artifact-type application/vnd.cncf.notary.signature.dm-verity registry.example/app@${digest('1')}`,
  );
  expect(summary).toContain(`oras blob fetch --output layer-0.pkcs7.sig registry.example/app@${digest('e')}`);
  expect(summary).toContain(`printf %s ${hex('d')} > roothash`);
  expect(summary).toContain('mkfs_options = ["-T0", "--mkfs-time", "--sort=none"]');
});

test('every name of a fact begins with a capital letter, unless it is a program', () => {
  const native = report({ builder: { kind: 'native', classes: ['C'] } });
  const names = [...renderSummary([native]).matchAll(/<th align="left">([^<]+)/g)].map(([, name]) => name);
  expect(names).toContain('Native builder');
  expect(names.filter((name) => !/^[A-Z]/.test(name ?? ''))).toEqual([]);
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
          layers: [layer(0, { dropped: { count: 1, examples: ['usr/bin/old (typeflag NUL: dropped)'] } })],
          skippedLayers: [{ index: 1, digest: digest('7'), mediaType: 'x', reason: 'nondistributable' }],
        }),
      ],
      skipped: [
        { digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'attestation manifest' },
      ],
    }),
  ]);
  expect(summary).toContain('> **Layer 1 is not signed**');
  expect(summary).toContain('mkfs.erofs omits or alters 1 entry**');
  expect(summary).toContain('usr/bin/old &#40;typeflag NUL&#58; dropped&#41;');
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

test('more than a screenful of layers is folded; thousands are cut, and the rest of the summary is there', () => {
  const many = (count: number) =>
    renderSummary([
      report({ artifacts: [artifact({ layers: Array.from({ length: count }, (_, i) => layer(i)) })] }),
    ]);
  expect(many(15)).not.toContain('15 layers, ');
  expect(many(28)).toContain('<details><summary>28 layers, 2.3 GB</summary>');
  expect(many(200)).toContain('<details><summary>200 layers, 16.2 GB</summary>');
  expect(many(200)).toContain('\n| 199 | ');
  const summary = many(20_000);
  expect(Buffer.byteLength(summary)).toBeLessThan(512 * 1024);
  expect(summary).toContain('**19000 more layers** are listed in the JSON report');
  expect(summary).toContain('mkfs_options');
  expect(summary).not.toContain('does not fit');
});

describe('manifest signatures', () => {
  const manifest = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('3'), size: 5 };
  const windows = { platform: 'windows/amd64', manifest };
  const both = report({
    layersLeftOut: [{ ...windows, reason: 'Windows image: its layers are not Linux file systems' }],
    manifestSignatures: [
      manifestSignature({ ...windows, referrer: { digest: digest('6'), size: 8, reused: true } }),
      manifestSignature({ format: 'cose', expiry: '2026-01-01T00:00:00.000Z', timestamped: true }),
    ],
  });

  test('say what is signed how, whose layers are not, and how notation verifies it', () => {
    const summary = renderSummary([both]);
    expect(summary).toContain('### ✅ Signed layers and manifests: ');
    expect(summary).toContain('> **windows/amd64: layers are not signed**');
    expect(summary).toMatch(
      /\| windows\/amd64 \| <code>\S+<\/code> \| JWS \| <code>\S+<\/code> \(already attached\) \|/,
    );
    expect(summary).toMatch(
      /\| index \| <code>\S+<\/code> \| COSE, until 2026&#45;01\S+, timestamped \| <code>\S+<\/code> \|/,
    );
    expect(summary).toContain(`notation verify registry.example/app@${digest('9')}`);
  });

  test('alone: no word of mkfs.erofs or of what a node must be set to', () => {
    const { builder: _builder, ...rest } = both;
    const summary = renderSummary([{ ...rest, artifacts: [] }]);
    expect(summary).toContain('### ✅ Signed manifests: ');
    expect(summary).not.toMatch(/mkfs|containerd|undefined/);
  });

  test.each([
    ['oci:dir', `NOTATION_EXPERIMENTAL=1 notation verify --oci-layout --scope SCOPE dir@${digest('9')}`],
    ['oci-archive:app.tar', undefined],
  ])('of %s', (name, command) => {
    const image = { ...both.image, name: `${name}@${digest('9')}` };
    const summary = renderSummary([{ ...both, image }]);
    if (command === undefined) expect(summary).not.toContain('notation verify');
    else expect(summary).toContain(command);
    const pushed = { reference: 'registry.example:5000/app:1', digest: digest('9') };
    expect(renderSummary([{ ...both, image, pushed }])).toContain(
      `\nnotation verify registry.example:5000/app@${digest('9')}`,
    );
  });

  test('the key is told to be elsewhere, if it is', () => {
    const signer = { ...(both.signer ?? report().signer), holder: 'aws-kms' } as const;
    expect(renderSummary([{ ...both, signer } as typeof both])).toMatch(/RSA\S*2048, AWS KMS, valid/);
    expect(renderSummary([both])).toMatch(/RSA\S*2048, valid/);
  });
});

describe('layers whose times have fractions of a second', () => {
  const differing = { fractionalTimes: { count: 5, differing: 4 } };
  const note = (layers: ReturnType<typeof layer>[], more = {}): string => {
    const of = artifact({ layers, ...more });
    // Two classes of one image are one note.
    const summary = renderSummary([report({ artifacts: [of, { ...of, class: 'A' }] })]);
    const found = summary.split('\n').filter((line) => line.includes('another root hash in class A'));
    expect(found.length).toBeLessThan(2);
    return found.join('');
  };

  test('are named in a note', () => {
    expect(note([layer(0), layer(1, differing)])).toMatch(
      /\*\*linux\/amd64, layer 1 has another root hash in class A\*\* than in B and C, as is usual: its entries/,
    );
    expect(note([layer(0, differing), layer(1, differing)], { platform: undefined })).toMatch(
      /\*\*layers 0, 1 have another root hash in class A\*\* .*erofs&#45;utils&#45;version&#58; A,C/,
    );
    const many = Array.from({ length: 25 }, (_, index) => layer(index, differing));
    expect(note(many)).toContain('18, 19 and 5 more have');
  });

  test('are not mentioned if every class reads the fractions alike', () => {
    expect(note([layer(0), layer(1, { fractionalTimes: { count: 5, differing: 0 } })])).toBe('');
  });
});
