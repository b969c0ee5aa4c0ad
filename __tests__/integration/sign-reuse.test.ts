import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { SIGNATURE_MARK } from '../../src/model/annotations.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignatureManifest } from '../../src/oci/attach/artifact.ts';
import type { SignReport } from '../../src/report/report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { sha256 } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const signed = join(folder, 'signed');
const unsigned = join(folder, 'unsigned');

beforeAll(async () => {
  mkdirSync(signed);
  await writeVectorImage(signed, ['simple-gzip', 'dirs-zstd']);
  cpSync(signed, unsigned, { recursive: true });
  await sign(signed);
});

async function sign(
  layout: string,
  who = 'p256',
  certificates: 'certPath' | 'chainPath' | 'fullChainPath' = 'chainPath',
): Promise<boolean | undefined> {
  const { keyPath, ...files } = (await pki()).leaf(who);
  const report = `${layout}.json`;
  const args = ['sign', `oci:${layout}:vectors`, '--key', keyPath, '--certificate', files[certificates]];
  await cliOk([...args, '--report', report]);
  const [{ artifacts }] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
  return artifacts[0]?.referrer?.reused;
}

async function verify(layout: string, who = 'p256'): Promise<number | null> {
  const { caPath } = (await pki()).leaf(who);
  return (await cli(['verify', `oci:${layout}:vectors`, '--trusted-certificate', caPath])).status;
}

/** A copy of the signed layout whose signature manifest somebody has replaced; its signatures are genuine. */
function replaced(name: string, edit: (manifest: SignatureManifest) => void): string {
  const layout = join(folder, name);
  cpSync(signed, layout, { recursive: true });
  const path = (digest: string): string => join(layout, 'blobs', ...digest.split(':'));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
  const referrer = index.manifests.find(({ artifactType }) => artifactType !== undefined);
  if (referrer === undefined) throw new Error('nothing is attached');
  const manifest = JSON.parse(readFileSync(path(referrer.digest), 'utf8')) as SignatureManifest;
  edit(manifest);
  const bytes = Buffer.from(JSON.stringify(manifest));
  Object.assign(referrer, { digest: sha256(bytes), size: bytes.length });
  writeFileSync(path(referrer.digest), bytes);
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  return layout;
}

test('a reusable referrer is used again', async () => {
  expect(await sign(replaced('unchanged', () => undefined))).toBe(true);
});

test('signatures without the intermediates are not reused, because a verifier with only the root needs them', async () => {
  const layout = join(folder, 'bare');
  cpSync(unsigned, layout, { recursive: true });
  expect(await sign(layout, 'chained', 'certPath')).toBe(false);
  expect(await verify(layout, 'chained')).toBe(12);
  expect(await sign(layout, 'chained', 'chainPath')).toBe(false);
  expect(await verify(layout, 'chained')).toBe(0);
  // The root is in no signature, whether it is given or not.
  expect(await sign(layout, 'chained', 'fullChainPath')).toBe(true);
});

test('with other annotations the referrer is reused, and the log says so', async () => {
  const layout = replaced('annotated', () => undefined);
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  const args = ['sign', `oci:${layout}:vectors`, '--key', keyPath, '--certificate', chainPath];
  const { stderr } = await cliOk([...args, '--annotations', 'com.example.build=17']);
  expect(stderr).toMatch(
    /reusing the signatures in sha256:\S+; its annotations are not changed \(requested: com\.example\.build/,
  );
  expect((await cliOk(args)).stderr).not.toContain('annotations are not changed');
});

test.each<[string, (manifest: SignatureManifest) => void]>([
  ['config', (manifest) => Object.assign(manifest, { config: manifest.layers[0] })],
  ['mark', ({ annotations }) => Object.assign(annotations, { [SIGNATURE_MARK]: 'false' })],
  ['media-type', ({ layers: [first] }) => Object.assign(first ?? {}, { mediaType: 'text/plain' })],
  [
    'options',
    ({ annotations }) => Object.assign(annotations, { 'io.github.verity-sign.mkfs-options': '-T1' }),
  ],
])(
  'genuine signatures in a manifest that verify refuses (%s): another run puts it right',
  async (name, edit) => {
    const layout = replaced(name, edit);
    // Only mkfs.erofs could check other options than the usual ones.
    expect(await verify(layout)).toBe(name === 'options' ? 13 : 11);
    expect(await sign(layout)).toBe(false);
    expect(await verify(layout)).toBe(0);
  },
);
