/** Of which certificates the servers are asked, and what that leaves open. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { RevocationChecker } from '../../src/signatures/notary/revocation/checker.ts';
import { RevocationServers } from '../../src/signatures/notary/revocation/servers.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { madeIdentity } from '../helpers/made-identity.ts';
import { attachEnvelope, chainOf, type NotaryIdentity, Notation, requestFor } from '../helpers/notary.ts';
import { openssl } from '../helpers/pki.ts';
import {
  type RevocationServer,
  revocationList,
  startRevocationServer,
} from '../helpers/revocation-server.ts';
import { testFolder } from '../helpers/temp.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const folder = testFolder();
const builder = new CertificateMaker(folder);
const SKI = 'subjectKeyIdentifier=hash';
const lists = (...urls: string[]) => `crlDistributionPoints=${urls.map((url) => `URI:${url}`).join(',')}`;
let server: RevocationServer;
let writer: ImageWriter;

beforeAll(async () => {
  writer = await ImageWriter.create();
  await builder.make({ name: 'root', extensions: [...CA, SKI] });
  server = await startRevocationServer(builder, 'root');
  const { url } = server;
  await builder.make({
    name: 'ca',
    issuer: 'root',
    extensions: [...CA, SKI, `authorityInfoAccess=OCSP;URI:${url}/ocsp/root`],
  });
  await builder.make({ name: 'evil', extensions: [...CA, SKI] });
  await builder.make({ name: 'plain', issuer: 'ca', extensions: SIGNER });
  await builder.make({ name: 'revoked', issuer: 'ca', extensions: [...SIGNER, lists(`${url}/ca.crl`)] });
  await builder.make({ name: 'stranger', issuer: 'evil', extensions: [...SIGNER, lists(`${url}/evil.crl`)] });
  const nine = Array.from({ length: 9 }, (_, index) => `${url}/${index}.crl`);
  await builder.make({ name: 'nine', issuer: 'ca', extensions: [...SIGNER, lists(...nine)] });
  await builder.make({ name: 'eight', issuer: 'ca', extensions: [...SIGNER, lists(...nine.slice(1))] });
  const list = (path: string, issuer: string, ...revoked: string[]) =>
    revocationList(builder, { revoked: revoked.map((name) => [name]), issuer, number: 1 }).then((der) =>
      server.lists.set(path, der),
    );
  await list('/ca.crl', 'ca', 'revoked');
  await list('/evil.crl', 'evil');
  for (let index = 0; index < 8; index++) await list(`/${index}.crl`, 'ca');
  await list('/8.crl', 'ca', 'nine', 'eight');
  server.responders.set('root', { good: ['ca'], revoked: [], signer: 'root', days: 1 });
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(async () => {
  await server.stop();
  await writer.remove();
});

/** The root's name and key, as its twin of a CA of the attacker's: it may follow any certificate of the root. */
async function cross(name: string, extensions: string[]): Promise<Uint8Array> {
  await openssl(['pkey', '-in', 'root.key', '-pubout', '-out', 'root.pub'], folder);
  const subject = ['-subj', '/O=Notary test/CN=root'];
  await openssl(['req', '-new', '-key', 'evil.key', ...subject, '-out', `${name}.csr`], folder);
  await writeFile(join(folder, `${name}.ext`), [...CA, ...extensions, ''].join('\n'));
  const by = ['-CA', 'evil.pem', '-CAkey', 'evil.key', '-CAcreateserial', '-force_pubkey', 'root.pub'];
  const request = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-days', '300'];
  await openssl(['x509', '-req', ...request, ...by, '-out', `${name}.pem`], folder);
  return (await chainOf(join(folder, `${name}.pem`)))[0] ?? new Uint8Array();
}

/** An image with a signature by `name`, and copies of it with other chains, which no signature covers. */
async function signedImage(name: string, ...chains: Uint8Array[][]): Promise<Descriptor> {
  const subject = await writer.add(await writer.image({ layers: [`${name}${Math.random()}`] }), name);
  const who = await madeIdentity(builder, name);
  const bytes = await buildEnvelope('jws', requestFor(who as NotaryIdentity, subject), who.sign);
  for (const chain of [who.chain, ...chains]) {
    const envelope = JSON.parse(Buffer.from(bytes).toString());
    envelope.header.x5c = chain.map((der) => Buffer.from(der).toString('base64'));
    const copy = { bytes: Buffer.from(JSON.stringify(envelope)), chain };
    await attachEnvelope(new LayoutStore(writer.directory), subject, 'jws', copy, folder);
  }
  return subject;
}

let runs = 0;
async function verify({ digest }: Pick<Descriptor, 'digest'>, policy: object = {}): Promise<VerifyReport> {
  const notation = new Notation(join(folder, `home${runs++}`));
  await notation.configure({ 'ca:test': [builder.path('ca')] }, policy);
  process.env.XDG_CONFIG_HOME = join(notation.folder, '..');
  const options = verifyOptions(`oci:${writer.directory}@${digest}`, {
    trustPolicy: 'notation',
    trustPolicyScope: 'local/test',
    layers: 'none',
  });
  return verifyImage(options, verifyContext(new Date()));
}

const logging = (...checks: string[]) => ({
  signatureVerification: {
    level: 'strict',
    override: Object.fromEntries(checks.map((check) => [check, 'log'])),
  },
});

test('whoever may push does not choose whom this program asks, behind a trusted intermediate', async () => {
  const [leaf, ca] = (await builder.chain('plain')) as [Uint8Array, Uint8Array];
  const [evil] = (await builder.chain('evil')) as [Uint8Array];
  const { url } = server;
  const chosen = [`authorityInfoAccess=OCSP;URI:${url}/ocsp/chosen`, lists(`${url}/chosen.crl`)];
  const copies: Uint8Array[][] = [];
  for (const name of ['cross1', 'cross2']) copies.push([leaf, ca, await cross(name, chosen), evil]);
  const report = await verify(await signedImage('plain', ...copies));
  expect(report.platforms[0]?.manifestSignatures.map(({ verdict }) => verdict)).toEqual([
    'verified',
    'verified',
    'verified',
  ]);
  // About the trusted certificate itself, once: all three chains name the same issuer and key.
  expect(server.asked).toEqual(['/ocsp/root']);
});

test('a trusted certificate that its issuer has revoked is not trusted', async () => {
  const subject = await signedImage('plain');
  server.responders.set('root', { good: [], revoked: ['ca'], signer: 'root', days: 1 });
  try {
    expect(await verify(subject)).toMatchObject({ verdict: 'not-trusted' });
  } finally {
    server.responders.set('root', { good: ['ca'], revoked: [], signer: 'root', days: 1 });
  }
});

test('a revoked signer of a trusted CA is found where the identity is only logged', async () => {
  const policy = {
    ...logging('authenticity'),
    trustedIdentities: ['x509.subject: C=US, ST=WA, O=Other'],
  };
  expect(await verify(await signedImage('revoked'), policy)).toMatchObject({
    verdict: 'not-trusted',
    reason: expect.stringMatching(/CN=revoked.* has been revoked$/),
  });
});

const NOT_ASKED =
  /CN=stranger.* cannot be determined: servers are asked only about signers that lead to a trusted certificate$/;

test('a signer without a trusted certificate whose servers are not asked is unchecked, or noted', async () => {
  const subject = await signedImage('stranger');
  expect(await verify(subject, logging('authenticity'))).toMatchObject({
    verdict: 'unchecked',
    reason: expect.stringMatching(NOT_ASKED),
  });
  const logged = await verify(subject, logging('authenticity', 'revocation'));
  expect(logged).toMatchObject({ verdict: 'verified' });
  expect(logged.platforms[0]?.manifestSignatures[0]?.notes).toEqual([
    expect.stringMatching(/^authenticity failed/),
    expect.stringMatching(NOT_ASKED),
  ]);
  expect(server.asked).toEqual([]);
});

test('so it is for signers of layers', async () => {
  const own = await ImageWriter.create();
  try {
    await own.add(await own.image({ layers: [{ bytes: Buffer.alloc(1024) }] }), 'layers');
    const signer = ['--key', builder.path('stranger', 'key')];
    const chain = ['--certificate', builder.path('stranger', 'full.pem')];
    await cliOk(['sign', `oci:${own.directory}:layers`, ...signer, ...chain]);
    const options = verifyOptions(`oci:${own.directory}:layers`, {
      trustPolicy: 'notation',
      trustPolicyScope: 'local/test',
      recompute: false,
    });
    const notation = new Notation(join(folder, `home${runs++}`));
    process.env.XDG_CONFIG_HOME = join(notation.folder, '..');
    await notation.configure({ 'ca:test': [builder.path('ca')] }, logging('authenticity'));
    const [enforced] = (await verifyImage(options, verifyContext(new Date()))).platforms;
    expect(enforced?.signatures).toMatchObject([
      { verdict: 'unchecked', reason: expect.stringMatching(NOT_ASKED) },
    ]);
    await notation.configure({ 'ca:test': [builder.path('ca')] }, logging('authenticity', 'revocation'));
    const [logged] = (await verifyImage(options, verifyContext(new Date()))).platforms;
    expect(logged?.signatures).toMatchObject([{ verdict: 'verified' }]);
    expect(logged?.signatures[0]?.notes).toContainEqual(expect.stringMatching(NOT_ASKED));
    expect(server.asked).toEqual([]);
  } finally {
    await own.remove();
  }
});

test('once the time for revocation is over, what is not known cannot be determined', async () => {
  const { signal } = new AbortController();
  const servers = new RevocationServers(signal, { time: 0, keptBytes: 0 });
  const checker = new RevocationChecker(new Date(), signal, servers);
  await expect(checker.requireGood(await builder.chain('revoked'))).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(/CN=revoked.* cannot be determined: no more revocation servers are asked/),
  });
  expect(server.asked).toEqual([]);
});

test.each([
  ['eight', 'not-trusted', /has been revoked$/],
  ['nine', 'unchecked', /the certificate names more than 8 CRLs$/],
])('a certificate with %s CRLs, of which the last one revokes it: %s', async (name, verdict, reason) => {
  const subject = await signedImage(name);
  expect(await verify(subject)).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
});
