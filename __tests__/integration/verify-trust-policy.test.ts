import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../src/commands/shared/options.ts';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { ToolError } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import type { EnvelopeRequest } from '../../src/signatures/notary/envelope/envelope.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { type MadeIdentity, madeIdentity } from '../helpers/made-identity.ts';
import { attachEnvelope, identity, type NotaryIdentity, Notation, requestFor } from '../helpers/notary.ts';
import { pki } from '../helpers/pki.ts';
import { INVALID_POLICIES, policy, STATEMENT, VALID_POLICIES } from '../helpers/policy-cases.ts';
import { testFolder } from '../helpers/temp.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const folder = testFolder();
const home = join(folder, 'home');
const policyFile = join(home, 'notation/trustpolicy.json');
const notation = new Notation(home);
let writer: ImageWriter;
const NAMES = 'unsigned full mail twice plain stranger expired over future other tampered two chained'.split(
  ' ',
);
/** Images by what is special about their signature. */
const images = new Map<string, Descriptor>();

beforeAll(async () => {
  process.env.XDG_CONFIG_HOME = home;
  writer = await ImageWriter.create();
  const { leaf } = await pki();
  const builder = new CertificateMaker(folder);
  await builder.make({ name: 'ca', extensions: CA });
  const dated = (name: string, from: string, to: string, issuer?: string) =>
    builder.make({
      name,
      dates: [`${from}0101000000Z`, `${to}0101000000Z`],
      ...(issuer === undefined ? { extensions: CA } : { issuer, extensions: SIGNER }),
    });
  await dated('old', '2015', '2055');
  await dated('expired', '2020', '2021', 'old');
  await dated('future', '2050', '2051', 'old');
  const full = '/C=US/ST=WA/L=Seattle/O=Example, Inc./OU=Build/CN=release';
  await builder.make({ name: 'full', issuer: 'ca', extensions: SIGNER, subject: full });
  const mail = '/C=US/ST=WA/O=Example, Inc./emailAddress=a@example.com';
  await builder.make({ name: 'mail', issuer: 'ca', extensions: SIGNER, subject: mail });
  const twice = '/C=US/ST=WA/O=Example, Inc./OU=Build/OU=Release';
  await builder.make({ name: 'twice', issuer: 'ca', extensions: SIGNER, subject: twice });

  // All before the first signature: the writer does not know of what others list.
  for (const name of NAMES) images.set(name, await writer.add(await writer.image({ layers: [name] }), name));
  for (const name of ['full', 'mail', 'twice']) await signed(name, await madeIdentity(builder, name));
  await signed('plain', await identity('p256'));
  await signed('stranger', await identity('rogue'));
  await signed('expired', await madeIdentity(builder, 'expired'), { signingTime: new Date('2020-06-01') });
  const past = { signingTime: new Date(Date.now() - 7_200_000), expiry: new Date(Date.now() - 3_600_000) };
  await signed('over', await identity('p256'), past);
  await signed('future', await madeIdentity(builder, 'future'), { signingTime: new Date('2050-06-01') });
  await signed('other', await identity('p256'), { target: images.get('plain') as Descriptor });
  await signed('tampered', await identity('p256'), {}, (bytes) => {
    const envelope = JSON.parse(Buffer.from(bytes).toString());
    envelope.signature = `${envelope.signature.startsWith('A') ? 'B' : 'A'}${envelope.signature.slice(1)}`;
    return Buffer.from(JSON.stringify(envelope));
  });
  await signed('two', await identity('rogue'));
  await attach(images.get('two') as Descriptor, await identity('p256'));
  await notation.configure({
    'ca:test': [leaf('p256').caPath, builder.path('ca'), builder.path('old')],
    'ca:other': [leaf('p384').caPath],
    'ca:intermediate': [leaf('intermediate').certPath],
    'tsa:test': [leaf('p384').caPath],
  });
  await signed('chained', await identity('chained'));
  const linked = join(home, 'notation/truststore/x509/ca/linked');
  mkdirSync(linked);
  symlinkSync(leaf('p256').caPath, join(linked, 'root.pem'));
  symlinkSync(join(home, 'notation/truststore/x509/ca/test'), join(linked, '../alias'));
  mkdirSync(join(home, 'notation/truststore/x509/ca/empty'));
  const pinned = join(home, 'notation/truststore/x509/ca/leaf');
  mkdirSync(pinned);
  writeFileSync(join(pinned, 'leaf.pem'), await readFile(leaf('p256').certPath));
});
afterAll(() => writer.remove());

async function signed(
  name: string,
  who: MadeIdentity,
  more: Partial<EnvelopeRequest> = {},
  change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<void> {
  await attach(images.get(name) as Descriptor, who, more, change);
}

async function attach(
  subject: Descriptor,
  who: MadeIdentity,
  more: Partial<EnvelopeRequest> = {},
  change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<void> {
  const bytes = change(
    await buildEnvelope('jws', requestFor(who as NotaryIdentity, subject, more), who.sign),
  );
  const store = new LayoutStore(writer.directory);
  await attachEnvelope(store, subject, 'jws', { bytes, chain: who.chain }, folder);
}

async function notationSays(digest: string, scope: string): Promise<boolean> {
  try {
    await notation.run('verify', '--oci-layout', `${writer.directory}@${digest}`, '--scope', scope);
    return true;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}

/** By the policy that is written; a usage error is a refusal too. */
function verify(name: string, scope: string, changes: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const reference = `oci:${writer.directory}@${images.get(name)?.digest}`;
  const options = verifyOptions(reference, {
    trustPolicy: policyFile,
    trustPolicyScope: scope,
    layers: 'none',
    manifestSignature: 'required',
    ...changes,
  });
  return verifyImage(options, verifyContext(new Date()));
}

const level = (name: string, override?: object): object => ({
  signatureVerification: { level: name, ...(override === undefined ? {} : { override }) },
});
const who = (...trustedIdentities: string[]): object => ({ trustedIdentities });
const stores = (...trustStores: string[]): object => ({ trustStores });
const FULL = 'x509.subject: C=US, ST=WA, O=Example\\, Inc.';
const LEVELS = ['strict', 'permissive', 'audit'] as const;
const NOT: Readonly<Record<string, string>> = {
  unsigned: 'not-signed',
  tampered: 'invalid',
  other: 'invalid',
  stranger: 'not-trusted',
  expired: 'not-trusted',
  future: 'not-trusted',
  over: 'not-trusted',
};

/** Image, what the policy's statement has changed, and the verdict. */
const CASES: [image: string, statement: object, verdict: string][] = [
  ...LEVELS.flatMap((name) =>
    ['plain', 'two', 'chained'].map((one): [string, object, string] => [one, level(name), 'verified']),
  ),
  ...LEVELS.flatMap((name) =>
    ['unsigned', 'tampered', 'other'].map((one): [string, object, string] => [
      one,
      level(name),
      NOT[one] ?? '',
    ]),
  ),
  ...['stranger', 'expired', 'future', 'over'].map((one): [string, object, string] => [
    one,
    level('strict'),
    'not-trusted',
  ]),
  ...['expired', 'future', 'over'].map((one): [string, object, string] => [
    one,
    level('permissive'),
    'verified',
  ]),
  ['stranger', level('permissive'), 'not-trusted'],
  ...['stranger', 'expired', 'future', 'over'].map((one): [string, object, string] => [
    one,
    level('audit'),
    'verified',
  ]),
  ['expired', level('strict', { authenticTimestamp: 'log' }), 'verified'],
  ['expired', level('strict', { expiry: 'log' }), 'not-trusted'],
  ['over', level('strict', { expiry: 'log' }), 'verified'],
  ['stranger', level('strict', { authenticity: 'log' }), 'verified'],
  ['over', level('audit', { expiry: 'enforce' }), 'not-trusted'],
  ['stranger', level('audit', { authenticity: 'enforce' }), 'not-trusted'],
  ['plain', level('strict', { revocation: 'skip' }), 'verified'],
  // Stores.
  ['plain', stores('ca:other'), 'not-trusted'],
  ['plain', stores('ca:other', 'ca:test'), 'verified'],
  ['plain', stores('ca:test', 'ca:missing'), 'unchecked'],
  ['plain', stores('ca:linked'), 'unchecked'],
  ['plain', stores('ca:alias'), 'unchecked'],
  ['plain', stores('ca:empty'), 'unchecked'],
  ['plain', stores('ca:leaf'), 'unchecked'],
  ['plain', { ...stores('ca:missing'), ...level('audit') }, 'verified'],
  ['plain', stores('ca:test', 'signingAuthority:missing'), 'verified'],
  ['plain', stores('signingAuthority:missing'), 'not-trusted'],
  ['chained', stores('ca:intermediate'), 'verified'],
  ['plain', stores('ca:intermediate'), 'not-trusted'],
  // Timestamps: none of these has one.
  ['plain', stores('ca:test', 'tsa:test'), 'not-trusted'],
  ['plain', stores('ca:test', 'tsa:missing'), 'not-trusted'],
  ['plain', { ...stores('ca:test', 'tsa:test'), ...level('permissive') }, 'verified'],
  [
    'plain',
    {
      ...stores('ca:test', 'tsa:test'),
      signatureVerification: { level: 'strict', verifyTimestamp: 'afterCertExpiry' },
    },
    'verified',
  ],
  [
    'expired',
    {
      ...stores('ca:test', 'tsa:test'),
      signatureVerification: { level: 'strict', verifyTimestamp: 'afterCertExpiry' },
    },
    'not-trusted',
  ],
  // Identities.
  ['full', who(FULL), 'verified'],
  ['full', who(`${FULL}, CN=release, OU=Build, L=Seattle`), 'verified'],
  ['full', who('x509.subject:OU=Build;O=Example\\2C Inc.;S=WA;C=US'), 'verified'],
  ['full', who(`${FULL}, CN=other`, `${FULL}, CN=release`), 'verified'],
  ['full', who(`${FULL}, SERIALNUMBER=`), 'verified'],
  ['full', who(`${FULL}, CN=Release`), 'not-trusted'],
  ['full', who(`${FULL}, CN=rel`), 'not-trusted'],
  ['full', who(`${FULL}, cn=release`), 'not-trusted'],
  ['full', who('x509.subject: C=US, ST=WA, O=Example'), 'not-trusted'],
  ['full', who('com.example:release'), 'not-trusted'],
  ['full', { ...who(`${FULL}, CN=other`), ...level('audit') }, 'verified'],
  ['plain', who(FULL), 'not-trusted'],
  ['mail', who(FULL), 'not-trusted'],
  ['mail', who('*'), 'verified'],
  ['twice', who(FULL), 'not-trusted'],
  // Scopes: the image is local/app.
  ['plain', { registryScopes: ['local/app'] }, 'verified'],
  ['plain', { registryScopes: ['local/app2', 'other.example/app'] }, 'usage'],
  ['plain', { registryScopes: ['local/app2'], ...level('audit') }, 'usage'],
];

test.each(CASES)('%s under %j: %s, and notation says the same', async (name, statement, verdict) => {
  writeFileSync(policyFile, JSON.stringify(policy({ ...STATEMENT, ...statement })));
  const digest = images.get(name)?.digest ?? '';
  const [report, accepted] = await Promise.all([
    verify(name, 'local/app').catch((error: { code?: string }) => ({
      verdict: error.code,
      reason: String(error),
    })),
    notationSays(digest, 'local/app'),
  ]);
  expect({ verdict: report.verdict, accepted }).toEqual({ verdict, accepted: verdict === 'verified' });
});

describe('several statements', () => {
  const skip = {
    name: 'skip',
    signatureVerification: { level: 'skip' },
    trustStores: [],
    trustedIdentities: [],
  };
  const several = policy(
    { ...STATEMENT, trustStores: ['ca:other'] },
    { ...STATEMENT, name: 'app', registryScopes: ['local/app', 'r.example:5000/team/app'] },
    { ...skip, registryScopes: ['local/free'] },
  );
  beforeAll(() => writeFileSync(policyFile, JSON.stringify(several)));

  test.each([
    ['plain', 'local/app', 'verified'],
    ['plain', 'r.example:5000/team/app', 'verified'],
    ['plain', 'local/App', 'usage'],
    ['plain', 'local/app/more', 'not-trusted'],
    ['stranger', 'local/app', 'not-trusted'],
  ])('%s as %s: %s', async (name, scope, verdict) => {
    const digest = images.get(name)?.digest ?? '';
    const report = await verify(name, scope).catch((error: { code?: string }) => ({ verdict: error.code }));
    expect(report.verdict).toBe(verdict);
    expect(await notationSays(digest, scope)).toBe(verdict === 'verified');
  });

  test('skip: nothing is looked at, and that is said', async () => {
    const auto = { manifestSignature: 'auto', layers: 'required' } as const;
    const report = await verify('unsigned', 'local/free', auto);
    expect(report).toMatchObject({
      verdict: 'skipped',
      reason: expect.stringContaining('"skip" of the trust policy says not to verify'),
      platforms: [],
      trustPolicy: { statement: 'skip', level: 'skip', scope: 'local/free' },
    });
    expect(await notationSays(images.get('unsigned')?.digest ?? '', 'local/free')).toBe(true);
    expect(await verify('unsigned', 'local/free')).toMatchObject({ verdict: 'unchecked' });
  });

  test('the report tells what chose whom to trust, and what was only logged', async () => {
    const statement = { ...STATEMENT, ...level('audit', { expiry: 'enforce' }) };
    writeFileSync(policyFile, JSON.stringify(policy(statement)));
    const report = await verify('stranger', 'local/app', { trustPolicy: 'notation' });
    expect(report).toMatchObject({
      verdict: 'verified',
      trustPolicy: {
        path: policyFile,
        statement: 'all',
        scope: 'local/app',
        level: 'audit',
        enforcement: { integrity: 'enforce', authenticity: 'log', expiry: 'enforce' },
      },
      notes: [expect.stringContaining('authenticity (log)'), expect.any(String)],
    });
    const [signature] = report.platforms[0]?.manifestSignatures ?? [];
    expect(signature?.notes).toEqual([
      expect.stringMatching(/^authenticity failed, which the trust policy only logs: .*CN=rogue/),
    ]);
  });

  test('a good signature beside a bad one: the bad one is told, and fails with strict', async () => {
    writeFileSync(policyFile, JSON.stringify(policy(STATEMENT)));
    const report = await verify('two', 'local/app');
    expect(report.platforms[0]?.manifestSignatures.map(({ verdict }) => verdict).sort()).toEqual([
      'not-trusted',
      'verified',
    ]);
    expect(await verify('two', 'local/app', { strict: true })).toMatchObject({
      verdict: 'not-trusted',
      reason: expect.stringMatching(/^strict: Notary signature sha256:/),
    });
  });
});

describe('the file', () => {
  const write = (document: unknown) => writeFileSync(policyFile, JSON.stringify(document));

  test.each(VALID_POLICIES)('notation takes: %s', async (_what, document) => {
    write(document);
    await notation.run('policy', 'import', '--force', policyFile);
  });

  test.each(INVALID_POLICIES)('notation and verify refuse: %s', async (_what, document) => {
    write(document);
    await expect(notation.run('policy', 'import', '--force', policyFile)).rejects.toThrow(ToolError);
    await expect(verify('plain', 'local/app')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(policyFile),
    });
  });

  test('what is not there, is a folder or is huge', async () => {
    for (const path of [join(folder, 'nowhere.json'), folder]) {
      await expect(verify('plain', 'local/app', { trustPolicy: path })).rejects.toMatchObject({
        code: 'usage',
      });
    }
    const huge = join(folder, 'huge.json');
    writeFileSync(huge, Buffer.alloc(5 * 1024 * 1024, ' '));
    await expect(verify('plain', 'local/app', { trustPolicy: huge })).rejects.toThrow(
      'it cannot be read (larger than 4.2 MB)',
    );
  });

  test("notation's own: the newer name first, no symbolic link", async () => {
    const own = join(folder, 'own/notation');
    mkdirSync(own, { recursive: true });
    process.env.XDG_CONFIG_HOME = join(folder, 'own');
    try {
      const asked = () => verify('plain', 'local/app', { trustPolicy: 'notation' });
      await expect(asked()).rejects.toThrow('notation has none configured');
      writeFileSync(join(own, 'trustpolicy.json'), JSON.stringify(policy({ ...STATEMENT, name: 'old' })));
      expect((await asked()).trustPolicy?.statement).toBe('old');
      symlinkSync(join(own, 'trustpolicy.json'), join(own, 'trustpolicy.oci.json'));
      await expect(asked()).rejects.toThrow('not a regular file');
    } finally {
      process.env.XDG_CONFIG_HOME = home;
    }
  });

  test.each<[string, Partial<VerifyOptions>, string]>([
    [
      'with trusted certificates',
      { trustedCertificates: ['x.pem'] },
      'cannot be combined with trusted-certificate',
    ],
    [
      'with trust stores',
      { trustStores: ['x'] },
      'cannot be combined with trusted-certificate or trust-store',
    ],
    ['with allow-expired', { allowExpired: true }, 'allow-expired cannot be combined with'],
    ['and nothing to verify', { manifestSignature: 'none' }, 'nothing is verified'],
  ])('trust-policy %s is a usage error', async (_what, changes, message) => {
    write(policy(STATEMENT));
    await expect(verify('plain', 'local/app', changes)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
    });
  });

  test('a layout needs a scope, a registry has one', async () => {
    write(policy(STATEMENT));
    const reference = `oci:${writer.directory}@${images.get('plain')?.digest}`;
    const options = verifyOptions(reference, { trustPolicy: policyFile });
    await expect(verifyImage(options, verifyContext())).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('trust-policy-scope'),
    });
    const remote = verifyOptions('r.example/a:1', {
      trustPolicy: policyFile,
      trustPolicyScope: 'r.example/b',
    });
    await expect(verifyImage(remote, verifyContext())).rejects.toThrow(
      'has no effect for an image in a registry',
    );
  });
});
