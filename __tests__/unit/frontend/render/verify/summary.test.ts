import { describe, expect, test } from '@jest/globals';
import { failureLines, verifyOutputsOf } from '../../../../../src/frontend/action/verify-outputs.ts';
import { EXIT_MEANINGS, VERDICT_STATUS } from '../../../../../src/frontend/cli/exit-status.ts';
import { parseCommandLine } from '../../../../../src/frontend/cli/parse-args.ts';
import { parseTime } from '../../../../../src/frontend/inputs/parse-values.ts';
import { inspectTable } from '../../../../../src/frontend/render/inspect/table.ts';
import { renderVerifySummary } from '../../../../../src/frontend/render/verify/summary.ts';
import { verifyTable } from '../../../../../src/frontend/render/verify/table.ts';
import {
  type PlatformVerdict,
  renderVerifyReport,
  type SignatureSetReport,
  type VerifyReport,
} from '../../../../../src/report/verify-report.ts';
import { digest, hex } from '../../../../helpers/reports.ts';

function set(changes: Partial<SignatureSetReport> = {}): SignatureSetReport {
  return {
    referrer: digest('2'),
    verdict: 'verified',
    profile: 'containerd',
    mkfsOptions: '-T0 --mkfs-time --sort=none',
    erofsUtils: { version: '1.9.4', class: 'C' },
    signers: [
      {
        subject: 'CN=Test signer',
        issuer: 'CN=Test root',
        fingerprint: hex('f'),
        keyType: 'RSA-2048',
        notBefore: '2025-01-01T00:00:00Z',
        notAfter: '2026-01-01T00:00:00Z',
      },
    ],
    layers: [
      {
        index: 0,
        digest: digest('a'),
        verdict: 'verified',
        rootHash: hex('d'),
        signatureDigest: digest('e'),
      },
    ],
    notes: [],
    ...changes,
  };
}

function platform(changes: Partial<PlatformVerdict> = {}): PlatformVerdict {
  return {
    platform: 'linux/amd64',
    manifest: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 1234 },
    verdict: 'verified',
    profiles: [{ profile: 'containerd', verdict: 'verified', referrer: digest('2') }],
    signatures: [set()],
    skippedLayers: [],
    manifestSignatures: [],
    ...changes,
  };
}

function report(changes: Partial<VerifyReport> = {}): VerifyReport {
  return {
    schemaVersion: 1,
    tool: { name: 'verity-sign', version: '0.1.0' },
    verdict: 'verified',
    image: {
      reference: 'registry.example/app:1.0',
      name: `registry.example/app@${digest('9')}`,
      digest: digest('9'),
      mediaType: 'application/vnd.oci.image.index.v1+json',
    },
    recompute: true,
    strict: false,
    validAt: '2026-06-01T00:00:00.000Z',
    builder: { kind: 'mkfs', version: '1.9.4', class: 'C', path: '/usr/bin/mkfs.erofs', privilege: 'root' },
    platforms: [platform()],
    skipped: [],
    notes: ["Enforcement is the kernel's."],
    seconds: { total: 3.21, resolve: 0.1, fetch: 0.2, convert: 2 },
    ...changes,
  };
}

const HOSTILE = '<img src=x onerror=alert(1)>|`**[a](javascript:b)**`\n\n# title\u001b[31m @team $x$';

describe('the summary', () => {
  test('says verdict, signer, layers and notes', () => {
    const summary = renderVerifySummary([report()]);
    for (const text of ['**verified**', 'CN=Test signer', hex('f'), hex('d'), 'Enforcement']) {
      expect(summary).toContain(text);
    }
    expect(renderVerifySummary([report({ verdict: 'invalid', reason: 'because' })])).toMatch(
      /\*\*INVALID\*\*[\s\S]*because/,
    );
    expect(renderVerifySummary([report({ recompute: false })])).toContain('not recomputed');
  });

  test('text that is not ours makes no HTML, link, heading or mention, and breaks no table or fold', () => {
    const summary = renderVerifySummary([
      report({
        verdict: 'invalid',
        reason: HOSTILE,
        image: { reference: HOSTILE },
        platforms: [
          platform({
            platform: HOSTILE,
            profiles: [{ profile: 'containerd', verdict: 'invalid', reason: HOSTILE }],
            signatures: [
              set({
                verdict: 'invalid',
                reason: HOSTILE,
                notes: [HOSTILE],
                layers: [
                  {
                    index: 0,
                    digest: '```\n</details>',
                    verdict: 'invalid',
                    reason: HOSTILE,
                    rootHash: HOSTILE,
                    signatureDigest: 'x',
                  },
                ],
              }),
            ],
            skippedLayers: [{ index: 1, digest: digest('8'), mediaType: 'x', reason: HOSTILE }],
          }),
        ],
        skipped: [{ digest: digest('8'), mediaType: 'x', reason: HOSTILE }],
        notes: [HOSTILE],
      }),
    ]);
    const text = summary.replaceAll(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '');
    for (const markup of ['<img', '](', '@team', '`', '\u001b']) expect(text).not.toContain(markup);
    expect(text).not.toMatch(/^# title/m);
    expect(text.match(/<details open>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
      expect([3, 4, 5]).toContain(row.split('|').length - 1);
    }
  });

  test('what does not hold is open to see, in a box and in bold; reasons stand outside the table', () => {
    const reason = `built anew it is ${hex('5')}`;
    const bad = set({
      verdict: 'invalid',
      reason: 'layer 0',
      layers: set().layers.map((layer) => ({ ...layer, verdict: 'invalid' as const, reason })),
    });
    const platforms = [platform({ verdict: 'invalid', signatures: [bad, set()] })];
    const summary = renderVerifySummary([report({ verdict: 'invalid', reason: 'because', platforms })]);
    expect(summary).toContain('> [!CAUTION]\n> **INVALID**: because\n');
    expect(summary.match(/<details open>/g)).toHaveLength(1);
    expect(summary.match(/<details>/g)).toHaveLength(1);
    expect(summary).toContain(`\n- **The layer**: ${reason}\n`);
    expect(summary).toMatch(/^\| 0 \|.*\| \*\*INVALID\*\* \|$/m);
    expect(renderVerifySummary([report()])).not.toContain('CAUTION');
  });

  test('stays below its limit, with a note', () => {
    const platforms = Array.from({ length: 50 }, (_, index) => platform({ platform: `linux/p${index}` }));
    const summary = renderVerifySummary([report({ platforms })], 10_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(10_000);
    expect(summary).toMatch(/The rest does not fit/);
  });
});

test('the table has whole digests, reasons and no control characters', () => {
  const bad = set({ verdict: 'not-trusted', reason: HOSTILE, notes: ['a note'] });
  const table = verifyTable(
    report({
      verdict: 'not-trusted',
      reason: 'nobody vouches',
      platforms: [platform({ verdict: 'not-trusted', signatures: [bad] })],
      skipped: [{ digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'no image' }],
    }),
  );
  for (const text of [digest('1'), digest('2'), digest('a'), hex('d'), hex('f'), 'a note', 'no image']) {
    expect(table).toContain(text);
  }
  expect(table).toMatch(/NOT TRUSTED in 3\.2 s: nobody vouches\n$/);
  expect(table).not.toContain('\u001b');
});

test('manifest signatures, the policy and what it left alone are told, escaped', () => {
  const bad = {
    referrer: digest('5'),
    verdict: 'not-trusted' as const,
    reason: HOSTILE,
    format: 'jws' as const,
    signedAt: '2026-01-01T00:00:00.000Z',
    metadata: { build: HOSTILE },
    notes: ['a note'],
  };
  const told = {
    manifestSignature: { verdict: 'verified' as const, referrer: digest('6'), byIndex: true as const },
    manifestSignatures: [bad],
  };
  const enforcement = {
    integrity: 'enforce',
    authenticity: 'log',
    authenticTimestamp: 'log',
    expiry: 'log',
    revocation: 'log',
  } as const;
  const one = report({
    trustPolicy: { path: '/p.json', statement: 'mine', scope: 'r.example/a', level: 'audit', enforcement },
    index: {
      manifest: { mediaType: 'm', digest: digest('7'), size: 1 },
      verdict: 'verified',
      manifestSignature: { verdict: 'not-signed', reason: 'none is attached' },
      manifestSignatures: [],
    },
    platforms: [platform({ profiles: [], layersLeftOut: 'a Windows image', ...told })],
  });
  const table = verifyTable(one);
  const summary = renderVerifySummary([one]);
  for (const text of [
    'mine',
    'audit',
    'a Windows image',
    'by the signature of the index',
    'a note',
    'none is attached',
  ]) {
    expect(table).toContain(text);
    expect(summary).toContain(text);
  }
  expect(table).toContain(digest('7'));
  expect(table).not.toContain('\u001b');
  expect(summary).not.toContain('<script>');

  const skipped = report({ verdict: 'skipped', reason: 'the policy says skip', platforms: [] });
  expect(verifyTable(skipped)).toMatch(
    /NOT VERIFIED, as the trust policy says in .*: the policy says skip\n$/,
  );
  expect(failureLines([skipped])).toEqual([]);
  expect(verifyOutputsOf([skipped, report()], 'r').verdict).toBe('skipped');
});

test('the table of inspect shows what is broken as broken', () => {
  const table = inspectTable({
    image: { reference: 'x', name: `x@${digest('9')}`, digest: digest('9'), mediaType: 'm' },
    platforms: [
      {
        manifest: { mediaType: 'm', digest: digest('1'), size: 1 },
        layers: 2,
        manifestSignatures: [],
        signatures: [
          { referrer: digest('2'), broken: 'not JSON', signers: [], layers: [] },
          {
            referrer: digest('3'),
            profile: 'odd\u001b[31m\n    signed by CN=Somebody else',
            created: '2026-01-01T00:00:00Z',
            signers: [],
            layers: [{ signatureDigest: digest('4'), broken: 'no DER' }],
          },
        ],
      },
    ],
    skipped: [],
  });
  expect(table).toContain(`referrer ${digest('2')}: BROKEN: not JSON`);
  expect(table).toMatch(/entry 0 +\(no layer\) +\(no root hash\) +BROKEN: no DER/);
  expect(table).not.toContain('\u001b');
  expect(table).toContain('    profile odd\\u001b[31m\\u000a    signed by CN=Somebody else\n');
  expect(table).not.toMatch(/^ *signed by/m);
});

test('a reason with line ends begins no line of the table', () => {
  const table = verifyTable(report({ verdict: 'invalid', reason: 'bad\nverified in 0.1 s' }));
  expect(table).not.toMatch(/^verified/m);
});

test('outputs, failures and the report of several images', () => {
  const reports = [
    report(),
    report({ verdict: 'unchecked', reason: 'no answer', image: { reference: 'b:1' } }),
  ];
  expect(verifyOutputsOf(reports, '/r.json')).toEqual({
    digest: `${digest('9')}\n`,
    verdict: 'unchecked',
    'report-path': '/r.json',
  });
  expect(failureLines(reports)).toEqual(['b:1: COULD NOT BE CHECKED: no answer']);
  expect(JSON.parse(renderVerifyReport(reports))).toEqual(JSON.parse(JSON.stringify(reports)));
});

test('every verdict has an exit status of its own, which the help explains', () => {
  const statuses = EXIT_MEANINGS.map(([status]) => status);
  expect(new Set(statuses).size).toBe(statuses.length);
  expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
  for (const status of Object.values(VERDICT_STATUS)) expect(statuses).toContain(status);
});

describe('the command line', () => {
  test('of verify', () => {
    const line =
      'verify a:1 b:2 --trusted-certificate r.pem,s.pem --trust-store one --signer-identity CN=a,O=b --signer-identity CN=c --recompute false --allow-expired --strict --at 2026-01-31T12:00:00+02:00 --report r.json --profile containerd-cache';
    expect(parseCommandLine(line.split(' '), {})).toMatchObject({
      command: 'verify',
      images: ['a:1', 'b:2'],
      report: 'r.json',
      verifying: {
        trustedCertificates: ['r.pem', 's.pem'],
        trustStores: ['one'],
        signerIdentities: ['CN=a,O=b', 'CN=c'],
        recompute: false,
        allowExpired: true,
        strict: true,
        at: new Date('2026-01-31T10:00:00Z'),
        profiles: ['containerd-cache'],
      },
    });
    const { verifying } = parseCommandLine(['verify', 'a', '--trust-store', 's'], {}) as {
      verifying: Record<string, unknown>;
    };
    expect(verifying).toMatchObject({
      recompute: true,
      allowExpired: false,
      strict: false,
      signerIdentities: [],
    });
    expect(verifying).not.toHaveProperty('at');
    expect(verifying).not.toHaveProperty('trustPolicy');
    const words =
      'verify a --trust-policy p.json --trust-policy-scope local/a --layers auto --manifest-signature required';
    expect(parseCommandLine(words.split(' '), {})).toMatchObject({
      verifying: {
        trustPolicy: 'p.json',
        trustPolicyScope: 'local/a',
        trustedCertificates: [],
        trustStores: [],
        layers: 'auto',
        manifestSignature: 'required',
      },
    });
  });

  test('of inspect, which needs nobody to trust', () => {
    expect(parseCommandLine(['inspect', 'a', '--json', '--platform', 'linux/arm64'], {})).toMatchObject({
      command: 'inspect',
      json: true,
      images: ['a'],
      options: { platforms: ['linux/arm64'] },
    });
  });

  test.each<[string, RegExp]>([
    ['verify', /missing required argument/],
    [
      'verify x',
      /neither option --trusted-certificate nor option --trust-store nor option --trust-policy is given/,
    ],
    ['verify x --trust-store s --recompute maybe', /option --recompute: "maybe" is not true or false/],
    ['verify x --trust-store s --at yesterday', /option --at: "yesterday" is not a time/],
    ['verify x --trust-store s --key k', /unknown option '--key'/],
    ['inspect x --trust-store s', /unknown option '--trust-store'/],
  ])('verity-sign %s: a usage error', (line, message) => {
    expect(() => parseCommandLine(line.split(' '), {})).toThrow(message);
  });
});

test.each(['2026-01-31', '2026-01-31 12:00:00Z', '2026-01-31T12:00:00', '2026-13-01T00:00:00Z', '0'])(
  'the time %j is none',
  (text) => {
    expect(() => parseTime(text, 'at')).toThrow(/is not a time/);
  },
);
