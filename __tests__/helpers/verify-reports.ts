import type { PlatformVerdict, SignatureSetReport, VerifyReport } from '../../src/report/verify-report.ts';
import { digest, hex } from './reports.ts';

/** A set of signatures that verified. */
export function signatureSet(changes: Partial<SignatureSetReport> = {}): SignatureSetReport {
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

export function platformVerdict(changes: Partial<PlatformVerdict> = {}): PlatformVerdict {
  return {
    platform: 'linux/amd64',
    manifest: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 1234 },
    verdict: 'verified',
    profiles: [{ profile: 'containerd', verdict: 'verified', referrer: digest('2') }],
    signatures: [signatureSet()],
    skippedLayers: [],
    manifestSignatures: [],
    ...changes,
  };
}

export function verifyReport(changes: Partial<VerifyReport> = {}): VerifyReport {
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
    platforms: [platformVerdict()],
    configurationCovered: true,
    uncovered: [],
    skipped: [],
    notes: ['Only a kernel enforces signatures.'],
    seconds: { total: 3.21, resolve: 0.1, fetch: 0.2, convert: 2 },
    ...changes,
  };
}

/** Text from an image that tries to be Markdown, HTML, a mention and a terminal escape. */
export const HOSTILE = '<img src=x onerror=alert(1)>|`**[a](javascript:b)**`\n\n# title\u001b[31m @team $x$';

/** An image whose index and platform have manifest signatures, checked by a trust policy. */
export function manifestReport(): VerifyReport {
  const bad = {
    referrer: digest('5'),
    verdict: 'not-trusted' as const,
    reason: HOSTILE,
    format: 'jws' as const,
    signedAt: '2026-01-01T00:00:00.000Z',
    metadata: { build: HOSTILE },
    notes: ['a note'],
  };
  const judged = {
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
  return verifyReport({
    trustPolicy: { path: '/p.json', statement: 'mine', scope: 'r.example/a', level: 'audit', enforcement },
    index: {
      manifest: { mediaType: 'm', digest: digest('7'), size: 1 },
      verdict: 'verified',
      manifestSignature: { verdict: 'not-signed', reason: 'none is attached' },
      manifestSignatures: [],
    },
    platforms: [platformVerdict({ profiles: [], layersLeftOut: 'a Windows image', ...judged })],
  });
}

/** Two platforms of three layers each, whose signer no certificate vouches for. */
export function notTrusted(): VerifyReport {
  const why = 'the certificate does not lead to any trusted certificate';
  const verdict = 'not-trusted' as const;
  const [layer] = signatureSet().layers;
  if (layer === undefined) throw new Error('no layer');
  const layers = [0, 1, 2].map((index) => ({ ...layer, index, verdict, reason: why }));
  const reason = `layer 0: ${why}`;
  const set = signatureSet({ verdict, reason, layers });
  const platforms = ['linux/amd64', 'linux/arm64'].map((platform) =>
    platformVerdict({
      platform,
      verdict,
      reason: `profile containerd: ${reason}`,
      profiles: [{ profile: 'containerd', verdict, reason }],
      signatures: [set],
    }),
  );
  return verifyReport({ verdict, reason: `linux/amd64: profile containerd: ${reason}`, platforms });
}
