import type { BuilderInfo, LayerSignature, SignatureArtifact } from '../../../model/index.ts';
import { buildArtifact, type OwnAnnotations } from '../../../oci/attach/artifact.ts';
import { TOOL } from '../../../report/tool.ts';
import type { RunContext } from '../../shared/options.ts';
import { classOfArtifact, hasTars, type PlannedArtifact } from '../../shared/plan.ts';
import type { SignRun } from '../../shared/run.ts';
import { runAnnotations } from '../annotations.ts';

/**
 * The referrer with the signatures of one platform manifest and profile.
 * @param signatures by root hash; those of all layers of `planned`
 */
export function layerArtifact(
  planned: PlannedArtifact,
  signatures: ReadonlyMap<string, LayerSignature>,
  builder: BuilderInfo | undefined,
  { options, context }: SignRun,
): SignatureArtifact {
  const entries = planned.layers.map(({ layer, verity: { rootHash } }) => {
    const signature = signatures.get(rootHash);
    if (signature === undefined) throw new TypeError(`the root hash ${rootHash} is not signed`);
    return { layerDigest: layer.descriptor.digest, rootHash, pkcs7: signature.pkcs7 };
  });
  return buildArtifact({
    format: planned.format,
    subject: planned.manifest.descriptor,
    entries,
    own: ownAnnotations(planned, builder, context),
    created: context.created,
    extra: options.annotations,
  });
}

function ownAnnotations(
  artifact: PlannedArtifact,
  given: BuilderInfo | undefined,
  { ci }: RunContext,
): OwnAnnotations {
  // No builder has touched layers that are all EROFS images.
  const builder = hasTars({ manifests: [artifact.manifest] }) ? given : undefined;
  return {
    profile: artifact.profile,
    'mkfs-options': artifact.mkfsOptions.join(' '),
    builder: builder?.kind,
    'erofs-utils-version': builder?.kind === 'mkfs' ? builder.version : undefined,
    'erofs-utils-class': classOfArtifact(artifact, builder),
    version: TOOL.version,
    ...runAnnotations(ci),
  };
}
