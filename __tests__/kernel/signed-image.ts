import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Descriptor, ProfileName } from '../../src/pipeline/stages.ts';
import { run } from '../../src/tools/runner.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import type { TestImage } from './images.ts';
import { tool } from './root.ts';
import type { Signer } from './signers.ts';

/** What the registry says of one layer. */
export interface FetchedSignature {
  layerDigest: string;
  rootHash: string;
  pkcs7: Buffer;
}

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';

interface Manifest {
  layers: Descriptor[];
  annotations: Record<string, string>;
}

/**
 * Copies an image into a registry, has this project's dist sign it there, and fetches the signatures
 * back with oras: for each profile, in the order of the image's layers.
 */
export async function signAndFetch(
  image: TestImage,
  repository: string,
  signer: Signer,
  profiles: readonly ProfileName[],
): Promise<Map<ProfileName, FetchedSignature[]>> {
  const oras = (...args: string[]) => tool('oras', args);
  const reference = `${repository}:${image.tag}`;
  const layout = ['--from-oci-layout', `${image.layout}:${image.tag}`];
  await oras('cp', '--recursive', ...layout, '--to-plain-http', reference);
  await sign(reference, signer, profiles);

  const found = await oras('discover', '--plain-http', '--format=json', reference);
  const referrers = (JSON.parse(found.toString()) as { referrers: (Descriptor & { digest: string })[] })
    .referrers;
  const fetched = new Map<ProfileName, FetchedSignature[]>();
  for (const { digest, artifactType } of referrers) {
    if (artifactType !== ARTIFACT_TYPE) continue;
    const text = await oras('manifest', 'fetch', '--plain-http', `${repository}@${digest}`);
    const manifest = JSON.parse(text.toString()) as Manifest;
    const profile = profiles.find((name) => Object.values(manifest.annotations).includes(name));
    if (profile === undefined) throw new Error(`${digest} names no profile`);
    const signatures: FetchedSignature[] = [];
    for (const { digest: blob, annotations = {} } of manifest.layers) {
      const source = `${repository}@${blob}`;
      signatures.push({
        layerDigest: annotations['io.cncf.notary.layer.digest'] ?? '',
        rootHash: annotations['io.cncf.notary.dm-verity.root-hash'] ?? '',
        pkcs7: await oras('blob', 'fetch', '--plain-http', '--output=-', source),
      });
    }
    fetched.set(profile, signatures);
  }
  return fetched;
}

async function sign(reference: string, signer: Signer, profiles: readonly ProfileName[]): Promise<void> {
  const argv = [
    ...[process.execPath, CLI, 'sign', reference, '--plain-http', '--key', signer.key],
    ...['--certificate', signer.chain, ...profiles.flatMap((profile) => ['--profile', profile])],
    ...['--oras-path', toolPath('oras'), '--mkfs-path', toolPath('mkfs.erofs')],
  ];
  await run(argv, { env: toolEnvironment({ HOME: join(signer.key, '..') }), timeout: 120_000 });
}
