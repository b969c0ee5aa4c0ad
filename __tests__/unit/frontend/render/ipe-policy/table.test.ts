import { expect, test } from '@jest/globals';
import { checkTable, policyTable } from '../../../../../src/frontend/render/ipe-policy/table.ts';
import type { IpePolicyCheck, IpePolicyReport } from '../../../../../src/report/ipe-policy-report.ts';
import { REPORT_HEAD } from '../../../../../src/report/tool.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const DIGEST = `sha256:${'1'.repeat(64)}`;
const image = {
  reference: 'r.example/app:1',
  name: `r.example/app@${DIGEST}`,
  digest: DIGEST,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
};
const layer = { image: image.name, platform: 'linux/amd64', manifest: DIGEST, index: 0, digest: DIGEST };
const signer = {
  subject: 'CN=policy',
  issuer: 'CN=root',
  fingerprint: 'f'.repeat(64),
  keyType: 'EC-P-256',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
};

const made: IpePolicyReport = {
  ...REPORT_HEAD,
  policy: { name: 'app', version: '1.2.3', bytes: 300, sha256: A, base: 'node.ipe' },
  signer,
  images: [image],
  rootHashes: [
    { rootHash: A, inBase: true, layers: [layer] },
    { rootHash: B, inBase: false, layers: [layer] },
  ],
  files: { policy: '/p/app.ipe', mapping: '/p/app.json', signed: '/p/app.p7b' },
  pushedTo: [{ reference: 'r.example/policies:app', digest: DIGEST }],
};

test('a policy that was made', () => {
  expect(String(policyTable(made)).trimEnd().split('\n')).toEqual([
    'policy       app 1.2.3',
    `image        ${image.name}`,
    'root hashes  2, 1 of them in node.ipe',
    'base         node.ipe',
    `signer       CN=policy, SHA-256 ${signer.fingerprint}`,
    'text         /p/app.ipe',
    'mapping      /p/app.json',
    'signed       /p/app.p7b',
    `pushed       r.example/policies:app, ${DIGEST}`,
  ]);
  const { base: _, ...without } = made.policy;
  const table = String(policyTable({ ...made, policy: without }));
  expect(table).toContain('base         none: only the initramfs and these layers execute');
});

const checked: IpePolicyCheck = {
  ...REPORT_HEAD,
  checked: { file: 'app.ipe', name: 'app', version: '1.2.3' },
  defaults: { EXECUTE: 'DENY', KMODULE: 'ALLOW', POLICY: 'ALLOW' },
  rules: ['op=EXECUTE boot_verified=TRUE action=ALLOW'],
  allowedRootHashes: 1,
  images: [image],
  rootHashes: [
    { rootHash: A, verdict: 'allowed', layers: [layer, layer] },
    { rootHash: B, verdict: 'denied', layers: [layer] },
  ],
  lacking: 1,
};

test('a policy that was checked', () => {
  expect(String(checkTable(checked)).trimEnd().split('\n')).toEqual([
    'policy    app 1.2.3 in app.ipe',
    'signer    none: this is text',
    'defaults  EXECUTE DENY, all others ALLOW',
    'rules     1 root hash allowed',
    '          op=EXECUTE boot_verified=TRUE action=ALLOW',
    `image     ${image.name}`,
    '',
    `  ${A}  allowed  layer 0 of linux/amd64 and 1 more`,
    `  ${B}  DENIED   layer 0 of linux/amd64`,
    '',
    '1 of 2 root hashes are not allowed',
  ]);
  const good = checkTable({ ...checked, rootHashes: checked.rootHashes.slice(0, 1), lacking: 0 });
  expect(String(good)).toMatch(/\nprograms of all layers run\n$/);
});

test('in a terminal of 60 columns no line is longer', () => {
  for (const table of [policyTable(made, 60), checkTable(checked, 60)]) {
    for (const line of String(table).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  }
});
