import { THUMBPRINTS } from '../../../model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../../model/artifact-types.ts';
import type { SignatureArtifact } from '../../../model/index.ts';
import { commonAnnotations, prefixed } from '../../../oci/attach/artifact.ts';
import { thumbprintsAnnotation } from '../../../signatures/notary/certificates/signing-chain.ts';
import { ENVELOPE_MEDIA_TYPE } from '../../../signatures/notary/envelope/envelope.ts';
import type { SignRun } from '../../shared/run.ts';
import { runAnnotations } from '../annotations.ts';
import type { PlannedManifest } from './plan.ts';

/**
 * The referrer with one envelope.
 * @param chain DER, leaf to root
 */
export function envelopeArtifact(
  planned: PlannedManifest,
  envelope: Uint8Array,
  chain: readonly Uint8Array[],
  { options, context }: SignRun,
): SignatureArtifact {
  return {
    artifactType: NOTARY_ARTIFACT_TYPE,
    // notation recognises its signatures in a layout by the type of the config.
    configType: NOTARY_ARTIFACT_TYPE,
    subject: planned.subject,
    annotations: {
      [THUMBPRINTS]: thumbprintsAnnotation(chain),
      ...prefixed(runAnnotations(context.ci)),
      ...commonAnnotations(context.created, options.annotations),
    },
    // One layer without annotations. [Notary signature-specification, "Storage"]
    files: [{ mediaType: ENVELOPE_MEDIA_TYPE[planned.format], bytes: envelope, annotations: {} }],
  };
}
