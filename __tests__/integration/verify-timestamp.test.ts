import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../src/commands/shared/options.ts';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { ToolError } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { requestTimestamp } from '../../src/signatures/notary/timestamp/timestamp.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { chainOf, Notation } from '../helpers/notary.ts';
import { openssl } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { startTsa, type TestTsa } from '../helpers/tsa.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const folder = testFolder();
const builder = new CertificateMaker(folder);
const notation = new Notation(join(folder, 'home'));
let writer: ImageWriter;
let tsa: TestTsa;
let stamped: Descriptor;
let plain: Descriptor;

/** notation signs with a certificate that lives for some seconds more, with a timestamp and without. */
beforeAll(async () => {
  process.env.XDG_CONFIG_HOME = join(folder, 'home');
  const time = (offset: number): string =>
    new Date(Date.now() + offset).toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');
  await builder.make({ name: 'ca', extensions: CA, dates: [time(-86_400_000), time(86_400_000)] });
  await builder.make({ name: 'tsaRoot', extensions: CA });
  await builder.make({ name: 'otherRoot', extensions: CA });
  tsa = await startTsa(builder, { issuer: 'tsaRoot' });
  writer = await ImageWriter.create();
  stamped = await writer.add(await writer.image({ layers: ['stamped'] }), 'stamped');
  plain = await writer.add(await writer.image({ layers: ['plain'] }), 'plain');
  const life = 8000;
  const end = Date.now() + life;
  await builder.make({ name: 'brief', issuer: 'ca', extensions: SIGNER, dates: [time(-60_000), time(life)] });
  const files = { keyPath: builder.path('brief', 'key'), fullChainPath: builder.path('brief', 'full.pem') };
  await notation.addKey({ name: 'brief', certPath: '', chainPath: '', caPath: '', ...files });
  const sign = (subject: Descriptor, ...args: string[]) =>
    notation.run('sign', '--oci-layout', `${writer.directory}@${subject.digest}`, '--key', 'brief', ...args);
  await sign(stamped, '--timestamp-url', tsa.url, '--timestamp-root-cert', builder.path('tsaRoot'));
  await sign(plain);
  await sleep(Math.max(0, end - Date.now()) + 1500);
});
afterAll(async () => {
  await tsa.stop();
  await writer.remove();
});

function verify({ digest }: Descriptor, changes: Partial<VerifyOptions>): Promise<VerifyReport> {
  const options = verifyOptions(`oci:${writer.directory}@${digest}`, {
    layers: 'none',
    manifestSignature: 'required',
    ...changes,
  });
  return verifyImage(options, verifyContext(new Date()));
}

const CASES: [
  what: 'stamped' | 'plain',
  root: string | undefined,
  signatureVerification: object,
  verdict: string,
][] = [
  ['stamped', 'tsaRoot', { level: 'strict' }, 'verified'],
  ['stamped', 'tsaRoot', { level: 'strict', verifyTimestamp: 'afterCertExpiry' }, 'verified'],
  ['stamped', 'otherRoot', { level: 'strict' }, 'not-trusted'],
  ['stamped', 'otherRoot', { level: 'permissive' }, 'verified'],
  ['stamped', undefined, { level: 'strict' }, 'not-trusted'],
  ['plain', 'tsaRoot', { level: 'strict' }, 'not-trusted'],
  ['plain', undefined, { level: 'strict' }, 'not-trusted'],
];

test.each(CASES)(
  '%s, authority %s, %j: %s, and notation says the same',
  async (what, root, signatureVerification, verdict) => {
    const subject = what === 'stamped' ? stamped : plain;
    const name = `tsa:${root}` as const;
    await notation.configure(
      { 'ca:test': [builder.path('ca')], ...(root === undefined ? {} : { [name]: [builder.path(root)] }) },
      { signatureVerification },
    );
    const report = await verify(subject, { trustPolicy: 'notation', trustPolicyScope: 'local/test' });
    expect({ verdict: report.verdict, reason: report.reason }).toMatchObject({ verdict });
    const accepted = await notation.verifyLayout(writer.directory, subject.digest).then(
      () => true,
      (error) => {
        if (error instanceof ToolError) return false;
        throw error;
      },
    );
    expect(accepted).toBe(verdict === 'verified');
    const [signature] = report.platforms[0]?.manifestSignatures ?? [];
    if (what === 'stamped' && root === 'tsaRoot') {
      expect(Date.parse(signature?.authenticTime ?? '')).toBeLessThan(Date.now());
    } else expect(signature).not.toHaveProperty('authenticTime');
  },
);

describe('a root that was renewed with the same key, beside one that is not valid', () => {
  const roots = ['tsaRoot', 'tsaRootBefore'];
  beforeAll(async () => {
    const again = ['-in', 'tsaRoot.csr', '-extfile', 'tsaRoot.ext', '-signkey', 'tsaRoot.key', '-sha256'];
    await openssl(['x509', '-req', ...again, '-days', '-1', '-out', 'tsaRootBefore.pem'], folder);
  });

  test.each([[roots], [roots.toReversed()]])('%j: verified, and notation says the same', async (names) => {
    await notation.configure({
      'ca:test': [builder.path('ca')],
      [`tsa:${names.join('-')}`]: names.map((name) => builder.path(name)),
    });
    const report = await verify(stamped, { trustPolicy: 'notation', trustPolicyScope: 'local/test' });
    expect({ verdict: report.verdict, reason: report.reason }).toEqual({
      verdict: 'verified',
      reason: undefined,
    });
    expect(await notation.verifyLayout(writer.directory, stamped.digest)).toContain('Successfully verified');
  });

  test.each([[roots], [roots.toReversed()]])('%j: sign takes its timestamps', async (names) => {
    const certificates = await Promise.all(names.map((name) => chainOf(builder.path(name))));
    const options = { url: tsa.url, certificates: certificates.flat(), timeout: 20_000 };
    const spec = { kind: 'ec', bits: 256, digest: 'sha256' } as const;
    const signature = Buffer.from('any signature');
    const token = requestTimestamp(signature, spec, { ...options, signal: new AbortController().signal });
    expect((await token).length).toBeGreaterThan(0);
  });
});

test('without a policy the trust stores are named, and certificates may be expired if that is allowed', async () => {
  await notation.configure({ 'ca:test': [builder.path('ca')], 'tsa:authority': [builder.path('tsaRoot')] });
  const trustStores = ['test', 'tsa:authority'];
  expect((await verify(stamped, { trustStores })).verdict).toBe('verified');
  expect((await verify(plain, { trustStores })).verdict).toBe('not-trusted');
  expect(await verify(stamped, { trustStores: ['ca:test'] })).toMatchObject({
    verdict: 'not-trusted',
    reason: expect.stringMatching(/CN=brief.*expired on/),
  });
  const allowed = await verify(plain, { trustStores: ['test'], allowExpired: true });
  expect(allowed.verdict).toBe('verified');
  expect(allowed.platforms[0]?.manifestSignatures[0]?.notes).toEqual([
    expect.stringMatching(/expired on .*, which is allowed$/),
  ]);
  const before = new Date(Date.now() - 3_600_000);
  expect((await verify(plain, { trustStores: ['test'], at: before })).reason).toContain(
    'is not valid before',
  );
  await expect(verify(plain, { trustStores: ['other:test'] })).rejects.toThrow('not a kind of trust store');
});
