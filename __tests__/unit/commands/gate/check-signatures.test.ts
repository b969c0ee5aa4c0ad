import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkSignatures } from '../../../../src/commands/gate/check-signatures.ts';
import { VeritySignError } from '../../../../src/errors.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../../../src/model/artifact-types.ts';
import { buildArtifact, encodeArtifact } from '../../../../src/oci/attach/artifact.ts';
import { LayoutStore } from '../../../../src/oci/attach/layout-store.ts';
import type { Certificate } from '../../../../src/signatures/x509/certificate.ts';
import { layerPkcs7 } from '../../../helpers/chain-signer.ts';
import { CA_EXTENSIONS, type Written, writeCertificate } from '../../../helpers/der-pki.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const NOW = new Date('2026-06-01T00:00:00Z');
const rootHash = 'a'.repeat(64);
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 7 };
const layer = {
  index: 0,
  descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest('2'), size: 9 },
  format: 'tar' as const,
  compression: 'gzip' as const,
  diffId: digest('3'),
};
const manifest = {
  descriptor: subject,
  platform: undefined,
  config: subject,
  layers: [layer],
  skippedLayers: [],
};
const store = new LayoutStore(folder);
/** A leaf and the CA that issued it, on keys of their own. */
function chainOf(name: string): Written[] {
  const ca = writeCertificate({ subject: `${name} CA`, extensions: CA_EXTENSIONS });
  return [writeCertificate({ subject: name, issuer: ca }), ca];
}
const [own, stranger] = [chainOf('own'), chainOf('stranger')];

type Signed = Parameters<typeof checkSignatures>[1];

/** What a run has signed, as far as the check looks at it. */
function signed(
  attached: string,
  { same = true, by = own }: { same?: boolean; by?: Written[] } = {},
): Signed {
  const [leaf, ...issuers] = by.map(({ certificate }) => certificate) as [Certificate, ...Certificate[]];
  const root = issuers.pop();
  const layers = { chain: { leaf, intermediates: issuers, root, warnings: [] }, isSameAs: () => same };
  return {
    planned: { artifacts: [{ manifest, format: 'notary' }], manifests: [] },
    attached: { artifacts: [{ descriptor: { digest: attached } }], manifests: [] },
    kinds: { layers, manifests: undefined },
  } as unknown as Signed;
}

/** Attaches a signature of the root hash `of`, under the name of `rootHash`. */
async function attach(by: Written[], of = rootHash): Promise<string> {
  const entries = [{ layerDigest: layer.descriptor.digest, rootHash, pkcs7: await layerPkcs7(by, of) }];
  const artifact = encodeArtifact(
    buildArtifact({ subject, entries, own: { profile: 'containerd' }, created: NOW }),
  );
  await store.push(artifact);
  await store.enlist([artifact]);
  return artifact.descriptor.digest;
}

const check = (what: Signed, now = NOW, code: 'environment' | 'registry' = 'environment'): Promise<void> =>
  checkSignatures(store, what, now, code);

beforeAll(() => {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
});
beforeEach(() => writeFileSync(join(folder, 'index.json'), '{"schemaVersion":2,"manifests":[]}'));

describe('signatures of layers', () => {
  test('that are what was signed pass', async () => {
    await check(signed(await attach(own)));
  });

  test('that another run wrote in their place do not', async () => {
    await expect(check(signed(await attach(own), { same: false }))).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/does not verify: it is not what was signed$/),
    });
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['by another signer', () => attach(stranger), /does not lead to any trusted certificate/],
    ['of another root hash', () => attach(own, 'b'.repeat(64)), /does not verify: layer 0: /],
  ])('%s: the reason is that of verify', async (_what, attached, reason) => {
    const failed = await check(signed(await attached()), NOW, 'registry').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(VeritySignError);
    expect(failed).toMatchObject({ code: 'registry', message: expect.stringMatching(reason) });
    expect(String(failed)).not.toContain('not what was signed');
  });

  test('whose certificate has expired in the meantime do not', async () => {
    const late = new Date('2050-01-01T00:00:00Z');
    await expect(check(signed(await attach(own)), late)).rejects.toThrow(/expired|valid/);
  });

  test('that the store does not list do not, whatever else it lists', async () => {
    await attach(own);
    await expect(check(signed(digest('9')), NOW, 'registry')).rejects.toMatchObject({
      code: 'registry',
      message: expect.stringContaining(`does not list ${digest('9')} as a referrer of ${subject.digest}`),
    });
    expect(await store.list(subject, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(1);
  });
});
