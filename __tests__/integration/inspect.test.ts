import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT_HASH } from '../../src/model/annotations.ts';
import type { InspectReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { store, vectorArtifact, withManifest } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'dirs-zstd'];
const folder = testFolder();

async function inspect(layout: string): Promise<InspectReport> {
  const { stdout } = await cliOk(['inspect', `oci:${layout}`, '--json']);
  const [report] = JSON.parse(stdout) as InspectReport[];
  if (report === undefined) throw new TypeError('no report');
  return report;
}

test('shows what sign attached: by whom, for which profile, which root hashes', async () => {
  const layout = join(folder, 'signed');
  await writeVectorImage(layout, LAYERS);
  expect((await inspect(layout)).platforms[0]).toMatchObject({ layers: 2, signatures: [] });
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  await cliOk(['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath]);

  const [platform] = (await inspect(layout)).platforms;
  expect(platform).toMatchObject({ platform: 'linux/amd64', layers: 2 });
  expect(platform?.signatures).toMatchObject([
    {
      profile: 'containerd',
      mkfsOptions: '-T0 --mkfs-time --sort=none',
      erofsUtils: { class: 'C' },
      signers: [{ subject: 'CN=p256,O=Layer signing test', keyType: 'EC-256' }],
      layers: LAYERS.map((name) => {
        const vector = vectors().find((candidate) => candidate.name === name);
        return { layerDigest: vector?.digest, rootHash: vector?.profiles.containerd.rootHash };
      }),
    },
  ]);
  expect(platform?.signatures[0]).not.toHaveProperty('broken');
  const { stdout } = await cliOk(['inspect', `oci:${layout}`]);
  expect(stdout).toContain(platform?.signatures[0]?.referrer);
  expect(stdout).toContain('signed by CN=p256,O=Layer signing test');
});

test('judges nothing, and shows what is broken as broken', async () => {
  const layout = join(folder, 'broken');
  const subject = await writeVectorImage(layout, LAYERS);
  const untrusted = await vectorArtifact({ subject, layers: LAYERS, signer: 'rogue' });
  await store(layout, untrusted);
  const odd = withManifest(untrusted, ({ layers, annotations }) => {
    delete layers[0]?.annotations?.[ROOT_HASH];
    annotations['io.github.verity-sign.profile'] = 'a profile of the future';
  });
  await store(layout, odd);
  const garbage = await vectorArtifact({
    subject,
    layers: LAYERS,
    entries: ([a, b]) => (a && b ? [a, { ...b, pkcs7: Buffer.from('garbage') }] : []),
  });
  await store(layout, garbage);
  const gone = await vectorArtifact({ subject, layers: LAYERS, signer: 'p256' });
  await store(layout, gone);
  writeFileSync(join(layout, 'blobs', gone.manifest.layers[0]?.digest.replace(':', '/') ?? ''), 'x');

  const [platform] = (await inspect(layout)).platforms;
  const of = (digest: string) => platform?.signatures.find(({ referrer }) => referrer === digest);
  expect(of(untrusted.descriptor.digest)).toMatchObject({
    signers: [{ subject: 'CN=rogue,O=Layer signing test' }],
  });
  expect(of(odd.descriptor.digest)).toMatchObject({ profile: 'a profile of the future' });
  expect(of(odd.descriptor.digest)?.layers[0]).not.toHaveProperty('rootHash');
  expect(of(garbage.descriptor.digest)).toMatchObject({
    broken: '1 of 2 signatures cannot be read',
    layers: [{ signer: expect.any(String) }, { broken: expect.stringContaining('PKCS#7') }],
  });
  expect(of(gone.descriptor.digest)).toMatchObject({ broken: expect.stringContaining('bytes'), layers: [] });
});

test('an image that is not there is an error, not an empty result', async () => {
  expect(await cli(['inspect', `oci:${join(folder, 'nowhere')}`])).toMatchObject({ status: 2, stdout: '' });
});
