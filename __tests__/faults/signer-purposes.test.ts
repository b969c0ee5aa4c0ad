/**
 * Fault 77 at the level of the CLI: `sign` refuses such certificates before any work, `verify` says that
 * signatures by them are not trusted.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import {
  alternativeNames,
  chainFiles,
  directory,
  dn,
  dns,
  email,
  nameConstraints,
  purposes,
  uri,
  type Wanted,
  writeChain,
} from '../helpers/chain-writer.ts';
import { cli } from '../helpers/cli.ts';
import { extension, type Written } from '../helpers/der-pki.ts';
import { storeLayerSignatures, storeManifestSignature } from '../helpers/hostile-signatures.ts';
import { policy, STATEMENT } from '../helpers/policy-cases.ts';
import { testFolder } from '../helpers/temp.ts';
import { type Vector, vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const original = join(folder, 'original');
/** Of notation's configuration; each policy replaces the one before it. */
const home = join(folder, 'home');
const LAYERS = ['simple-gzip'];
const layers = LAYERS.map((name) => vectors().find((vector) => vector.name === name) as Vector);
let manifest: Descriptor;
let count = 0;

beforeAll(async () => {
  manifest = await writeVectorImage(original, LAYERS);
});

function copy(): string {
  const layout = join(folder, `layout-${count++}`);
  cpSync(original, layout, { recursive: true });
  return layout;
}

/** Signs an image whose layers are missing, so that any work would fail otherwise; nothing may be left. */
async function refused(chain: readonly Written[], more: readonly string[]): Promise<string> {
  const layout = copy();
  for (const { digest } of layers) rmSync(join(layout, 'blobs', ...digest.split(':')));
  const before = { index: readFileSync(join(layout, 'index.json'), 'utf8'), blobs: blobsOf(layout) };
  const { keyPath, chainPath } = chainFiles(folder, `chain-${count++}`, chain);
  const key = ['--key', keyPath, '--certificate', chainPath, '--builder', 'native'];
  const { status, stderr } = await cli(['sign', `oci:${layout}`, ...key, ...more]);
  expect({ status, stderr }).toEqual({ status: 5, stderr: expect.any(String) });
  expect({ index: readFileSync(join(layout, 'index.json'), 'utf8'), blobs: blobsOf(layout) }).toEqual(before);
  return stderr;
}

const blobsOf = (layout: string): string[] => readdirSync(join(layout, 'blobs/sha256')).sort();

/** Verifies an image with a signature of its layers and one of its manifest, both by this chain. */
async function verified(chain: readonly Written[], trust: (root: string) => string[], more: string[] = []) {
  const layout = copy();
  await storeLayerSignatures(layout, manifest, layers, chain);
  await storeManifestSignature(layout, manifest, chain);
  const { rootPath } = chainFiles(folder, `chain-${count++}`, chain);
  const path = join(folder, `report-${count++}.json`);
  const demands = ['--recompute=false', '--manifest-signature', 'required', '--report', path];
  const { status, stderr } = await cli(['verify', `oci:${layout}`, ...trust(rootPath), ...demands, ...more], {
    env: { XDG_CONFIG_HOME: home },
  });
  const [image] = [JSON.parse(readFileSync(path, 'utf8'))].flat() as VerifyReport[];
  const [platform] = image?.platforms ?? [];
  return {
    status,
    stderr,
    layers: platform?.signatures[0],
    manifest: platform?.manifestSignatures[0],
  };
}

const byRoot = (root: string): string[] => ['--trusted-certificate', root];

type Case = [what: string, reason: string, leaf: Wanted, authorities: [Wanted, ...Wanted[]]];
const leafFor = (...names: string[]): Wanted => ({ extensions: [purposes(names, false)] });
const criticalLeafFor = (...names: string[]): Wanted => ({ extensions: [purposes(names, true)] });
const FOREIGN = [
  'serverAuth',
  'clientAuth',
  'emailProtection',
  'OCSPSigning',
  'timeStamping',
  'anyExtendedKeyUsage',
];
const PERMITTED = { permitted: [dns('example.org')] };
const EXCLUDED = { excluded: [directory(['O', 'Evil'])] };
const UNKNOWN = extension('1.2.3.4.5', Buffer.of(5, 0), true);
const OUTSIDE: Wanted = { extensions: [alternativeNames(dns('example.net'))] };

const CASES: Case[] = [
  ...FOREIGN.flatMap((name): Case[] => [
    [`the purpose ${name}`, `is for ${name} (extendedKeyUsage), not for codeSigning`, leafFor(name), [{}]],
    [
      `the purpose ${name}, critical`,
      `is for ${name} (extendedKeyUsage), not for codeSigning`,
      criticalLeafFor(name),
      [{}],
    ],
  ]),
  [
    'the purposes codeSigning and serverAuth',
    'also allows serverAuth (extendedKeyUsage)',
    leafFor('codeSigning', 'serverAuth'),
    [{}],
  ],
  [
    'the purposes anyExtendedKeyUsage and codeSigning, critical',
    'also allows anyExtendedKeyUsage (extendedKeyUsage)',
    criticalLeafFor('anyExtendedKeyUsage', 'codeSigning'),
    [{}],
  ],
  ['a purpose of its own', 'is for 1.2.3.4 (extendedKeyUsage), not', leafFor('1.2.3.4'), [{}]],
  ...['serverAuth', 'OCSPSigning', 'timeStamping'].map(
    (name, index): Case => [
      `an issuer for ${name}`,
      `is for ${name} (extendedKeyUsage), and must not issue certificates for codeSigning`,
      leafFor('codeSigning'),
      [{}, { extensions: [purposes([name], index === 0)] }],
    ],
  ),
  [
    'a root for emailProtection',
    'is for emailProtection (extendedKeyUsage), and must not issue',
    {},
    [{ extensions: [purposes(['emailProtection'])] }, {}],
  ],
  ...[true, false].flatMap((critical): Case[] => [
    [
      `a name that is not permitted, critical ${critical}`,
      'has the dNSName "example.net", which the nameConstraints of "CN=CA 0" do not permit',
      OUTSIDE,
      [{ extensions: [nameConstraints(PERMITTED, critical)] }, {}],
    ],
    [
      `a subject that is excluded, critical ${critical}`,
      'has a subject, which the nameConstraints of "CN=CA 1" exclude',
      { subject: dn(['O', 'EVIL'], ['CN', 'Release']) },
      [{}, { extensions: [nameConstraints(EXCLUDED, critical)] }],
    ],
  ]),
  [
    'an e-mail address in the subject that is not permitted',
    'has the emailAddress "a@example.net", which the nameConstraints of "CN=CA 0" do not permit',
    { subject: dn(['O', 'A'], ['emailAddress', 'a@example.net', 0x16]) },
    [{ extensions: [nameConstraints({ permitted: [email('example.org')] }, false)] }],
  ],
  ...[0, 1, 2].map((place): Case => {
    const wanted = [{}, {}, {}].map((none, at) => (at === place ? { extensions: [UNKNOWN] } : none));
    const [leaf = {}, below = {}, root = {}] = wanted;
    return [
      `a critical extension that is not understood, in place ${place} of the chain`,
      'has a critical extension that is not understood (1.2.3.4.5)',
      leaf,
      [root, below],
    ];
  }),
  [
    'a URI that is excluded',
    'has the uniformResourceIdentifier "spiffe://a.example.net/x", which the nameConstraints of',
    { extensions: [alternativeNames(uri('spiffe://a.example.net/x'))] },
    [{ extensions: [nameConstraints({ excluded: [uri('.example.net')] }, false)] }],
  ],
];

test('control: chains that keep the rules sign, and verify', async () => {
  const good: [Wanted, [Wanted, ...Wanted[]]][] = [
    [{}, [{}]],
    [criticalLeafFor('codeSigning'), [{}, { extensions: [purposes(['serverAuth', 'codeSigning'])] }]],
    [
      { extensions: [alternativeNames(dns('a.example.org'))] },
      [{ extensions: [nameConstraints({ ...PERMITTED, ...EXCLUDED })] }, {}],
    ],
  ];
  for (const [leaf, authorities] of good) {
    const chain = writeChain(leaf, ...authorities);
    const { status, layers, manifest } = await verified(chain, byRoot);
    expect([status, layers?.verdict, manifest?.verdict]).toEqual([0, 'verified', 'verified']);
    const { keyPath, chainPath } = chainFiles(folder, `good-${count++}`, chain);
    const key = ['--key', keyPath, '--certificate', chainPath, '--builder', 'native'];
    const signed = await cli(['sign', `oci:${copy()}`, ...key, '--manifest-signature', 'jws']);
    expect(signed).toMatchObject({ status: 0 });
  }
});

describe.each(CASES)('fault 77: a signer with %s', (_what, reason, leaf, authorities) => {
  const chain = () => writeChain(leaf, ...authorities);

  test('sign refuses it before any work, for layers and for manifests', async () => {
    const [forLayers, forManifests] = await Promise.all([
      refused(chain(), []),
      refused(chain(), ['--layers', 'none', '--manifest-signature', 'jws']),
    ]);
    expect(forLayers).toContain(reason);
    expect(forManifests).toContain(reason);
    for (const line of [forLayers, forManifests]) {
      expect(line).toMatch(/certificate "[^"]*(?:leaf|CA \d|Release|O=A)[^"]*" .*\. Use a certificate /);
      expect(line.trim()).not.toContain('\n');
    }
  });

  test('verify trusts neither its layer signatures nor its manifest signatures', async () => {
    const { status, stderr, layers, manifest } = await verified(chain(), byRoot);
    expect({ status, stderr }).toEqual({ status: 12, stderr: expect.any(String) });
    expect(layers).toMatchObject({ verdict: 'not-trusted', reason: expect.stringContaining(reason) });
    expect(manifest).toMatchObject({ verdict: 'not-trusted', reason: expect.stringContaining(reason) });
  });
});

describe('fault 77: two common names', () => {
  const named = (...names: string[]) =>
    writeChain(
      { subject: dn(['C', 'US'], ['ST', 'WA'], ['O', 'A'], ...names.map((one) => ['CN', one] as const)) },
      {},
    );
  const byPolicy = (identity: string) => (root: string) => {
    cpSync(root, join(home, 'notation/truststore/x509/ca/test/root.pem'));
    const path = join(home, 'policy.json');
    const statement = { ...STATEMENT, trustedIdentities: [`x509.subject: C=US, ST=WA, O=A${identity}`] };
    const override = { level: 'strict', override: { revocation: 'skip' } };
    writeFileSync(path, JSON.stringify(policy({ ...statement, signatureVerification: override })));
    return ['--trust-policy', path, '--trust-policy-scope', 'local/app'];
  };

  test.each<[string, string[], string, number]>([
    ['control: one', ['Release'], 'CN=Release', 0],
    ['the first', ['Release', 'Other'], 'CN=Release', 12],
    ['the last', ['Other', 'Release'], 'CN=Release', 12],
    ['both the same', ['Release', 'Release'], 'CN=Release', 12],
    ['one of them empty', ['', 'Release'], 'CN=Release', 12],
    ['an attribute that is there once', ['Release', 'Other'], 'O=A', 0],
  ])('signer-identity, %s', async (_what, names, identity, expected) => {
    const found = await verified(named(...names), byRoot, ['--signer-identity', identity]);
    const verdict = expected === 0 ? 'verified' : 'not-trusted';
    expect([found.status, found.layers?.verdict, found.manifest?.verdict]).toEqual([
      expected,
      verdict,
      verdict,
    ]);
  });

  test.each<[string, string[], string, number]>([
    ['control: one', ['Release'], ', CN=Release', 0],
    ['control: another identity', ['Release'], ', CN=Other', 12],
    ['the first', ['Release', 'Other'], ', CN=Release', 12],
    ['the last', ['Other', 'Release'], ', CN=Release', 12],
  ])('trustedIdentities, %s', async (_what, names, identity, expected) => {
    const found = await verified(named(...names), byPolicy(identity));
    const verdict = expected === 0 ? 'verified' : 'not-trusted';
    expect([found.status, found.layers?.verdict, found.manifest?.verdict]).toEqual([
      expected,
      verdict,
      verdict,
    ]);
  });

  test('an identity with an attribute twice is a usage error', async () => {
    const { rootPath } = chainFiles(folder, 'twice', named('Release'));
    const args = ['verify', `oci:${copy()}`, '--trusted-certificate', rootPath];
    for (const identity of ['CN=Release,CN=Release', 'CN=Release,O=A,cn=Other', 'S=WA,ST=WA']) {
      const { status, stderr } = await cli([...args, '--signer-identity', identity]);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/has (?:CN|ST) twice/) });
    }
  });
});
