import type { ResolvedImage } from '../../model/index.ts';
import type { Fate } from '../../oci/attach/store.ts';
import type { AttachedSignature, RemoveReport } from '../../report/remove-report.ts';
import { TOOL } from '../../report/tool.ts';
import { manifestReport, platformReport, signerReport } from '../shared/report-parts.ts';
import type { Attached, Choice } from './attached.ts';
import type { RemoveOptions } from './options.ts';

/** @param fates by the digest of the signature manifest; absent where nothing was changed */
export function removeReport({
  options,
  image,
  oras,
  choice,
  fates,
}: {
  options: RemoveOptions;
  image: ResolvedImage;
  oras: string | undefined;
  choice: Choice;
  fates: ReadonlyMap<string, Fate>;
}): RemoveReport {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    removedSigner: options.signer,
    profiles: [...options.onlyProfiles],
    confirmed: options.yes,
    ...(oras === undefined ? {} : { oras }),
    signatures: choice.chosen.map(({ attached, lastGood }) => ({
      ...signatureReport(attached),
      lastGood,
      fate: fates.get(attached.descriptor.digest) ?? 'kept',
    })),
    staying: choice.staying.map((attached) => ({
      ...signatureReport(attached),
      good: attached.fault === undefined,
      ...(attached.fault === undefined ? {} : { reason: attached.fault }),
    })),
  };
}

function signatureReport({
  kind,
  descriptor,
  platform,
  subject,
  format,
  profile,
  signers,
}: Attached): AttachedSignature {
  return {
    kind,
    referrer: descriptor.digest,
    ...platformReport(platform),
    manifest: manifestReport(subject),
    ...(format === 'tardev' ? { artifactFormat: format } : {}),
    ...(profile === undefined ? {} : { profile }),
    signers: signers.map(signerReport),
  };
}
