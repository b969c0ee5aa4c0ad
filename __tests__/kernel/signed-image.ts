import { dirname } from 'node:path';
import type { Descriptor, ProfileName } from '../../src/model/index.ts';
import { toolPath } from '../helpers/tools.ts';
import type { TestImage } from './images.ts';
import { dist, tool } from './root.ts';
import type { Signer } from './signers.ts';

/** What the registry says of one layer. */
export interface FetchedSignature {
  layerDigest: string;
  rootHash: string;
  pkcs7: Buffer;
}

export const ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';
export const LAYER_DIGEST = 'io.cncf.notary.layer.digest';
export const ROOT_HASH = 'io.cncf.notary.dm-verity.root-hash';

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
        layerDigest: annotations[LAYER_DIGEST] ?? '',
        rootHash: annotations[ROOT_HASH] ?? '',
        pkcs7: await oras('blob', 'fetch', '--plain-http', '--output=-', source),
      });
    }
    fetched.set(profile, signatures);
  }
  return fetched;
}

async function sign(reference: string, signer: Signer, profiles: readonly ProfileName[]): Promise<void> {
  const material = ['--key', signer.key, '--certificate', signer.chain];
  const wanted = profiles.flatMap((profile) => ['--profile', profile]);
  const tools = ['--oras-path', toolPath('oras')];
  await dist(['sign', reference, '--plain-http', ...material, ...wanted, ...tools], dirname(signer.key));
}
