import type { IpePolicyCheck, IpePolicyReport } from '../../src/report/node/ipe-policy-report.ts';
import { REPORT_HEAD } from '../../src/report/tool.ts';
import { digest } from './reports.ts';

export const ROOT_HASHES = ['a'.repeat(64), 'b'.repeat(64)] as const;
const [A, B] = ROOT_HASHES;

export const policyImage = {
  reference: 'r.example/app:1',
  name: `r.example/app@${digest('1')}`,
  digest: digest('1'),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
};

export const policyLayer = {
  image: policyImage.name,
  platform: 'linux/amd64',
  manifest: digest('1'),
  index: 0,
  digest: digest('1'),
};

export const policySigner = {
  subject: 'CN=policy',
  issuer: 'CN=root',
  fingerprint: 'f'.repeat(64),
  keyType: 'EC-P-256',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
};

/** The report of a policy `app` 1.2.3 with two root hashes, one of them in its base. */
export function madePolicy(changes: Partial<IpePolicyReport> = {}): IpePolicyReport {
  return {
    ...REPORT_HEAD,
    policy: { name: 'app', version: '1.2.3', bytes: 300, sha256: A, base: 'node.ipe' },
    signer: policySigner,
    images: [policyImage],
    rootHashes: [
      { rootHash: A, inBase: true, layers: [policyLayer] },
      { rootHash: B, inBase: false, layers: [policyLayer] },
    ],
    files: { policy: '/p/app.ipe', mapping: '/p/app.json', signed: '/p/app.p7b' },
    ...changes,
  };
}

/** The report of a check of a policy as text, which lacks one of two root hashes. */
export function checkedPolicy(changes: Partial<IpePolicyCheck> = {}): IpePolicyCheck {
  return {
    ...REPORT_HEAD,
    checked: { file: 'app.ipe', name: 'app', version: '1.2.3' },
    defaults: { EXECUTE: 'DENY', KMODULE: 'ALLOW', POLICY: 'ALLOW' },
    rules: ['op=EXECUTE boot_verified=TRUE action=ALLOW'],
    allowedRootHashes: 1,
    images: [policyImage],
    rootHashes: [
      { rootHash: A, verdict: 'allowed', layers: [policyLayer, policyLayer] },
      { rootHash: B, verdict: 'denied', layers: [policyLayer] },
    ],
    lacking: 1,
    ...changes,
  };
}
