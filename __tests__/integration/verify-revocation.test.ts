import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { ToolError } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { madeIdentity } from '../helpers/made-identity.ts';
import { attachEnvelope, type NotaryIdentity, Notation, requestFor } from '../helpers/notary.ts';
import {
  type RevocationServer,
  revocationList,
  startRevocationServer,
} from '../helpers/revocation-server.ts';
import { testFolder } from '../helpers/temp.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const folder = testFolder();
const builder = new CertificateMaker(folder);
const home = join(folder, 'home');
let server: RevocationServer;
let writer: ImageWriter;
const images = new Map<string, Descriptor>();

/**
 * Leaf, its servers, and the verdict under strict. `%` stands for the server; lists are of the same name. URLs of one
 * distribution point are joined by a space.
 */
const CASES: [name: string, ocsp: string[], crls: string[], verdict: string][] = [
  ['none', [], [], 'verified'],
  ['good', ['%/ocsp/ca'], [], 'verified'],
  ['revoked', ['%/ocsp/ca'], [], 'not-trusted'],
  ['unknown', ['%/ocsp/ca'], [], 'unchecked'],
  ['delegated', ['%/ocsp/delegated'], [], 'verified'],
  ['delegatedRevoked', ['%/ocsp/delegated'], [], 'not-trusted'],
  ['selfAppointed', ['%/ocsp/plain'], [], 'unchecked'],
  ['strange', ['%/ocsp/stranger'], [], 'unchecked'],
  ['timeless', ['%/ocsp/timeless'], [], 'unchecked'],
  ['broken', ['%/ocsp/nobody'], [], 'unchecked'],
  ['down', ['http://127.0.0.1:9/'], [], 'unchecked'],
  ['overTls', ['https://127.0.0.1:9/'], [], 'unchecked'],
  ['second', ['%/ocsp/nobody', '%/ocsp/ca'], [], 'verified'],
  ['listed', [], ['%/revoked.crl'], 'not-trusted'],
  ['notListed', [], ['%/revoked.crl'], 'verified'],
  ['onHold', [], ['%/revoked.crl'], 'not-trusted'],
  ['inSecond', [], ['%/empty.crl', '%/revoked.crl'], 'not-trusted'],
  ['fallback', ['%/ocsp/nobody'], ['%/empty.crl'], 'verified'],
  ['fallbackRevoked', ['%/ocsp/nobody'], ['%/revoked.crl'], 'not-trusted'],
  ['fallbackUnknown', ['%/ocsp/ca'], ['%/empty.crl'], 'verified'],
  ['preferred', ['%/ocsp/ca'], ['%/revoked.crl'], 'verified'],
  ['missing', [], ['%/missing.crl'], 'unchecked'],
  ['missingSecond', [], ['%/empty.crl', '%/missing.crl'], 'unchecked'],
  ['garbage', [], ['%/garbage.crl'], 'unchecked'],
  ['old', [], ['%/old.crl'], 'unchecked'],
  ['foreign', [], ['%/foreign.crl'], 'unchecked'],
  ['critical', [], ['%/critical.crl'], 'unchecked'],
  ['delta', [], ['%/base.crl'], 'not-trusted'],
  ['notInDelta', [], ['%/base.crl'], 'verified'],
  ['staleDelta', [], ['%/base2.crl'], 'unchecked'],
  ['redirectedList', [], ['%/hops/3'], 'not-trusted'],
  ['redirectedGood', [], ['%/hops/3'], 'verified'],
  ['circle', [], ['%/hops/4'], 'unchecked'],
  ['redirectedOcsp', ['%/ocsp/elsewhere'], [], 'unchecked'],
  ['ownPoint', [], ['%/own-point.crl'], 'verified'],
  ['ownPointRevoked', [], ['%/own-point.crl'], 'not-trusted'],
  ['ofUsers', [], ['%/users.crl'], 'verified'],
  ['otherPoint', [], ['%/other-point.crl'], 'unchecked'],
  ['ofAuthorities', [], ['%/authorities.crl'], 'unchecked'],
  ['ofAttributes', [], ['%/attributes.crl'], 'unchecked'],
  ['indirect', [], ['%/indirect.crl'], 'unchecked'],
  ['deltaAlone', [], ['%/delta.crl'], 'unchecked'],
  ['noDelta', [], ['%/base3.crl'], 'unchecked'],
  ['deltaOfOthers', [], ['%/base4.crl'], 'unchecked'],
  ['future', [], ['%/future.crl'], 'unchecked'],
  ['secondDelta', [], ['%/base5.crl'], 'not-trusted'],
  ['notInSecondDelta', [], ['%/base5.crl'], 'verified'],
  ['badDeltas', [], ['%/base6.crl'], 'unchecked'],
  ['sameNumber', [], ['%/base7.crl'], 'verified'],
  ['directory', [], ['ldap://127.0.0.1:9/o=x %/revoked.crl'], 'verified'],
  ['inDirectory', [], ['ldap://127.0.0.1:9/o=x %/revoked.crl'], 'not-trusted'],
  ['directoryOnly', [], ['ldap://127.0.0.1:9/o=x', '%/empty.crl'], 'unchecked'],
  ['someReasons', [], ['%/compromise.crl'], 'unchecked'],
  ['allReasons', [], ['%/compromise.crl', '%/other-reasons.crl'], 'verified'],
  ['otherReason', [], ['%/compromise.crl', '%/other-reasons.crl'], 'not-trusted'],
];

/** Where notation is less strict, or follows no such redirect, delta CRL or URL, and says otherwise. */
const NOT_AS_NOTATION = new Set([
  'selfAppointed',
  'circle',
  'redirectedOcsp',
  'otherPoint',
  'ofAuthorities',
  'ofAttributes',
  'indirect',
  'deltaAlone',
  'noDelta',
  'deltaOfOthers',
  'future',
  'someReasons',
  'notInSecondDelta',
  'sameNumber',
  'directory',
]);

/** What is asked for by this program. */
const ASKED: Readonly<Record<string, string[]>> = {
  none: [],
  good: ['/ocsp/ca'],
  second: ['/ocsp/nobody', '/ocsp/ca'],
  notListed: ['/revoked.crl'],
  fallback: ['/ocsp/nobody', '/empty.crl'],
  preferred: ['/ocsp/ca'],
  notInDelta: ['/base.crl', '/delta.crl'],
};

beforeAll(async () => {
  await builder.make({ name: 'ca', extensions: [...CA, 'subjectKeyIdentifier=hash'] });
  await builder.make({ name: 'other', extensions: CA, subject: '/O=Notary test/CN=ca' });
  const forOcsp = [...SIGNER, 'extendedKeyUsage=OCSPSigning'];
  await builder.make({ name: 'responder', issuer: 'ca', extensions: forOcsp });
  await builder.make({ name: 'plainSigner', issuer: 'ca', extensions: SIGNER });
  await builder.make({ name: 'stranger', issuer: 'other', extensions: forOcsp });
  server = await startRevocationServer(builder, 'ca');
  const at = (urls: string[]): string[] => urls.map((url) => url.replace('%', server.url));
  /** A section for each distribution point, at the end. */
  const points = (urls: string[]): string[] => [
    `crlDistributionPoints=${urls.map((_, index) => `point${index}`).join(',')}`,
    ...urls.flatMap((url, index) => [`[point${index}]`, `fullname=URI:${url.replaceAll(' ', ',URI:')}`]),
  ];
  writer = await ImageWriter.create();
  for (const [name, ocsp, crls] of CASES) {
    const extensions = [
      ...SIGNER,
      ...(ocsp.length === 0
        ? []
        : [
            `authorityInfoAccess=${at(ocsp)
              .map((url) => `OCSP;URI:${url}`)
              .join(',')}`,
          ]),
      ...(crls.length === 0 ? [] : points(at(crls))),
    ];
    await builder.make({ name, issuer: 'ca', extensions });
    images.set(name, await writer.add(await writer.image({ layers: [name] }), name));
  }
  for (const [name] of CASES) {
    const who = await madeIdentity(builder, name);
    const subject = images.get(name) as Descriptor;
    const bytes = await buildEnvelope('cose', requestFor(who as NotaryIdentity, subject), who.sign);
    await attachEnvelope(
      new LayoutStore(writer.directory),
      subject,
      'cose',
      { bytes, chain: who.chain },
      folder,
    );
  }
  const known = {
    good: ['good', 'second', 'preferred', 'timeless', 'selfAppointed', 'strange', 'redirectedOcsp'],
    revoked: ['revoked'],
  };
  const { responders, lists, redirects } = server;
  redirects.set('/ocsp/elsewhere', `${server.url}/ocsp/ca`);
  redirects.set('/hops/1', '/revoked.crl');
  for (const hop of [2, 3, 4]) redirects.set(`/hops/${hop}`, `${server.url}/hops/${hop - 1}`);
  responders.set('ca', { ...known, signer: 'ca', days: 1 });
  responders.set('delegated', {
    good: ['delegated'],
    revoked: ['delegatedRevoked'],
    signer: 'responder',
    days: 1,
  });
  responders.set('plain', { ...known, signer: 'plainSigner', days: 1 });
  responders.set('stranger', { ...known, signer: 'stranger', days: 1 });
  responders.set('timeless', { ...known, signer: 'ca' });
  const list = (path: string, wish: Partial<Parameters<typeof revocationList>[1]>) =>
    revocationList(builder, { revoked: [], issuer: 'ca', number: 5, ...wish }).then((der) =>
      lists.set(path, der),
    );
  const listed: [string, string?][] = [
    ['listed', ',keyCompromise'],
    ['onHold', ',holdInstruction,holdInstructionReject'],
    ['inSecond'],
    ['fallbackRevoked', ',superseded'],
    ['preferred'],
    ['redirectedList'],
    ['ownPointRevoked'],
    ['otherReason', ',superseded'],
    ['inDirectory'],
  ];
  await list('/revoked.crl', { revoked: listed });
  await list('/empty.crl', {});
  await list('/old.crl', { dates: ['200101000000Z', '210101000000Z'] });
  await list('/foreign.crl', { issuer: 'other' });
  await list('/critical.crl', { extensions: ['1.2.3.4=critical,DER:0500'] });
  const freshest = (...paths: string[]) => [
    `freshestCRL=${paths.map((path) => `URI:${server.url}${path}`).join(',')}`,
  ];
  await list('/base.crl', { extensions: freshest('/delta.crl') });
  await list('/base2.crl', { extensions: freshest('/stale.crl') });
  await list('/delta.crl', {
    revoked: [['delta'], ['secondDelta']],
    number: 7,
    extensions: ['2.5.29.27=critical,DER:020105'],
  });
  await list('/stale.crl', { number: 4, extensions: ['2.5.29.27=critical,DER:020104'] });
  const scoped = (...lines: string[]) => ['issuingDistributionPoint=critical,@scope', '[scope]', ...lines];
  const point = (path: string) => `fullname=URI:${server.url}${path}`;
  await list('/own-point.crl', { revoked: listed, extensions: scoped(point('/own-point.crl')) });
  await list('/users.crl', { extensions: scoped('onlyuser=TRUE') });
  await list('/other-point.crl', { extensions: scoped(point('/own-point.crl')) });
  await list('/authorities.crl', { extensions: scoped('onlyCA=TRUE') });
  await list('/attributes.crl', { extensions: scoped('onlyAA=TRUE') });
  await list('/indirect.crl', { extensions: scoped('indirectCRL=TRUE') });
  await list('/base3.crl', { extensions: freshest('/empty7.crl') });
  await list('/empty7.crl', { number: 7 });
  await list('/base4.crl', { extensions: freshest('/users-delta.crl') });
  await list('/users-delta.crl', {
    number: 7,
    extensions: ['2.5.29.27=critical,DER:020105', ...scoped('onlyuser=TRUE')],
  });
  await list('/base5.crl', { extensions: freshest('/garbage.crl', '/stale.crl', '/delta.crl') });
  await list('/base6.crl', { extensions: freshest('/garbage.crl', '/stale.crl') });
  await list('/base7.crl', { number: 7, extensions: freshest('/delta.crl') });
  await list('/future.crl', { dates: ['390101000000Z', '400101000000Z'] });
  const others = 'affiliationChanged,superseded,cessationOfOperation,certificateHold,privilegeWithdrawn';
  await list('/compromise.crl', { extensions: scoped('onlysomereasons=keyCompromise,CACompromise') });
  await list('/other-reasons.crl', {
    revoked: listed,
    extensions: scoped(`onlysomereasons=${others},AACompromise`),
  });
  lists.set('/garbage.crl', Buffer.from('garbage'));
  mkdirSync(home);
});
afterAll(async () => {
  await server.stop();
  await writer.remove();
});

/** Under a policy of its own, with nothing that an earlier run may have kept. */
async function configured(name: string, policy: object = {}): Promise<Notation> {
  const notation = new Notation(join(home, name));
  await notation.configure({ 'ca:test': [builder.path('ca')] }, policy);
  return notation;
}

async function verify(name: string, notation: Notation): Promise<VerifyReport> {
  process.env.XDG_CONFIG_HOME = join(notation.folder, '..');
  const options = verifyOptions(`oci:${writer.directory}@${images.get(name)?.digest}`, {
    trustPolicy: 'notation',
    trustPolicyScope: 'local/test',
    layers: 'none',
  });
  return verifyImage(options, verifyContext(new Date()));
}

test.each(CASES)(
  '%s: OCSP at %j, lists at %j: %s, and notation says the same',
  async (name, _ocsp, _crls, verdict) => {
    const notation = await configured(name);
    server.asked.length = 0;
    const report = await verify(name, notation);
    expect({ verdict: report.verdict, reason: report.reason }).toMatchObject({ verdict });
    if (ASKED[name] !== undefined) expect(server.asked).toEqual(ASKED[name]);
    const accepted = await notation.verifyLayout(writer.directory, images.get(name)?.digest ?? '').then(
      () => true,
      (error) => {
        if (error instanceof ToolError) return false;
        throw error;
      },
    );
    // notation takes the answer of any certificate that the issuer issued, even the one that was revoked;
    // RFC 6960, 4.2.2.2 wants one for that purpose.
    if (!NOT_AS_NOTATION.has(name)) expect(accepted).toBe(verdict === 'verified');
  },
);

describe('what the level says', () => {
  test.each(['revoked', 'down', 'listed'])('%s: logged, or skipped', async (name) => {
    const logged = await verify(
      name,
      await configured(`${name}-log`, { signatureVerification: { level: 'permissive' } }),
    );
    expect(logged.verdict).toBe('verified');
    expect(logged.platforms[0]?.manifestSignatures[0]?.notes).toEqual([
      expect.stringMatching(/^revocation failed, which the trust policy only logs: /),
    ]);
    server.asked.length = 0;
    const override = { signatureVerification: { level: 'strict', override: { revocation: 'skip' } } };
    expect((await verify(name, await configured(`${name}-skip`, override))).verdict).toBe('verified');
    expect(server.asked).toEqual([]);
  });

  test('a signer who is not trusted does not choose whom this program asks', async () => {
    const notation = new Notation(join(home, 'audit'));
    const audit = { signatureVerification: { level: 'audit' } };
    await notation.configure({ 'ca:test': [builder.path('other')] }, audit);
    server.asked.length = 0;
    expect((await verify('good', notation)).verdict).toBe('verified');
    expect(server.asked).toEqual([]);
  });

  test('reasons and remedies for people', async () => {
    expect((await verify('revoked', await configured('r1'))).reason).toMatch(
      /CN=revoked.* has been revoked$/,
    );
    expect((await verify('down', await configured('r2'))).reason).toMatch(
      /the revocation status of the certificate ".*CN=down.*" cannot be determined: the revocation server "http:\/\/127\.0\.0\.1:9\/" cannot be reached \(ECONNREFUSED\)$/,
    );
  });
});

test('signers of layers are asked for as well', async () => {
  const own = await ImageWriter.create();
  try {
    await own.add(await own.image({ layers: [{ bytes: Buffer.alloc(1024) }] }), 'layers');
    for (const name of ['good', 'revoked', 'down']) {
      const signer = ['--key', builder.path(name, 'key'), '--certificate', builder.path(name, 'full.pem')];
      await cliOk(['sign', `oci:${own.directory}:layers`, ...signer]);
      const notation = await configured(`layers-${name}`);
      process.env.XDG_CONFIG_HOME = join(notation.folder, '..');
      const options = verifyOptions(`oci:${own.directory}:layers`, {
        trustPolicy: 'notation',
        trustPolicyScope: 'local/test',
        recompute: false,
      });
      const report = await verifyImage(options, verifyContext(new Date()));
      const sets = report.platforms[0]?.signatures ?? [];
      expect(sets.find(({ signers }) => signers[0]?.subject.includes(`CN=${name}`))?.verdict).toBe(
        { good: 'verified', revoked: 'not-trusted', down: 'unchecked' }[name],
      );
    }
  } finally {
    await own.remove();
  }
});
