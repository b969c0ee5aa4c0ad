import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { ToolError } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
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

const ENTRIES = 100_000;
const folder = testFolder();
const home = join(folder, 'home');
const builder = new CertificateMaker(folder);
const images = new Map<string, Descriptor>();
let server: RevocationServer;
let writer: ImageWriter;

/** Signers with the same CRL; `last` is its last entry. */
const SIGNERS = ['last', 'absent'];

beforeAll(async () => {
  mkdirSync(home);
  await builder.make({ name: 'ca', extensions: CA });
  server = await startRevocationServer(builder, 'ca');
  writer = await ImageWriter.create();
  const store = new LayoutStore(writer.directory);
  for (const name of SIGNERS) {
    const extensions = [...SIGNER, `crlDistributionPoints=URI:${server.url}/large.crl`];
    await builder.make({ name, issuer: 'ca', extensions });
    images.set(name, await writer.add(await writer.image({ layers: [name] }), name));
  }
  for (const [name, subject] of images) {
    const who = await madeIdentity(builder, name);
    const bytes = await buildEnvelope('jws', requestFor(who as NotaryIdentity, subject), who.sign);
    await attachEnvelope(store, subject, 'jws', { bytes, chain: who.chain }, folder);
  }
  const revoked: [string, string][] = [['last', ',keyCompromise']];
  const list = await revocationList(builder, { revoked, others: ENTRIES - 1, issuer: 'ca', number: 1 });
  server.lists.set('/large.crl', list);
});

afterAll(async () => {
  await server.stop();
  await writer.remove();
});

test.each([
  ['last', 'not-trusted', /CN=last.* has been revoked$/],
  ['absent', 'verified', undefined],
])('a CRL of 100,000 entries, signer %s: %s, and notation says the same', async (name, verdict, reason) => {
  const notation = new Notation(join(home, name));
  await notation.configure({ 'ca:test': [builder.path('ca')] });
  process.env.XDG_CONFIG_HOME = join(notation.folder, '..');
  const digest = images.get(name)?.digest ?? '';
  const options = verifyOptions(`oci:${writer.directory}@${digest}`, {
    trustPolicy: 'notation',
    trustPolicyScope: 'local/test',
    layers: 'none',
  });
  const report = await verifyImage(options, verifyContext(new Date()));
  expect(report.verdict).toBe(verdict);
  if (reason === undefined) expect(report.reason).toBeUndefined();
  else expect(report.reason).toMatch(reason);
  const said = await notation.verifyLayout(writer.directory, digest).catch((error: unknown) => {
    if (error instanceof ToolError) return error.message;
    throw error;
  });
  expect(said).toMatch(verdict === 'verified' ? /Successfully verified/ : /revoked/);
  // Both read the list itself.
  expect(server.asked.filter((path) => path === '/large.crl').length).toBeGreaterThanOrEqual(2);
  server.asked.length = 0;
});
