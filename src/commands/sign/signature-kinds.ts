import type { BuilderInfo } from '../../model/index.ts';
import type { TimestampOptions } from '../../signatures/notary/timestamp/timestamp.ts';
import type { SignRun } from '../shared/run.ts';
import { LayerSignatures } from './layers/steps.ts';
import type { ManifestSignatures } from './manifests/steps.ts';
import type { Planned } from './plan-signatures.ts';
import type { OpenableKey, SigningContext } from './signing-context.ts';

/** The steps of each kind of signature; undefined for a kind of which nothing is planned. */
export interface SignatureKinds {
  layers: LayerSignatures | undefined;
  manifests: ManifestSignatures | undefined;
}

/** A signing context with a key, and who dates manifest signatures. */
export interface Signing extends SigningContext {
  key: OpenableKey;
  authority: TimestampOptions | undefined;
}

/**
 * The steps of the kinds of signature that are planned.
 * @param builder what built the images of the layers; undefined if no layer is a tar
 */
export async function signatureKinds(
  planned: Planned,
  { key, chain, certificates, authority }: Signing,
  builder: BuilderInfo | undefined,
  run: SignRun,
): Promise<SignatureKinds> {
  return {
    layers:
      chain === undefined || planned.artifacts.length === 0
        ? undefined
        : new LayerSignatures({ key, chain }, builder, run),
    manifests:
      planned.manifests.length === 0
        ? undefined
        : await manifestSignatures({ key, certificates, authority }, run),
  };
}

/** Lazy import: large and rarely needed. */
async function manifestSignatures(
  ...parts: ConstructorParameters<typeof ManifestSignatures>
): Promise<ManifestSignatures> {
  const steps = await import('./manifests/steps.ts');
  return new steps.ManifestSignatures(...parts);
}
