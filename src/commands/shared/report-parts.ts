import type {
  BuilderInfo,
  Confinement,
  Descriptor,
  Platform,
  PlatformManifest,
  ResolvedImage,
} from '../../model/index.ts';
import { featuresText } from '../../oci/image/platform.ts';
import type {
  ArtifactReport,
  ManifestReport,
  SignerReport,
  SignReport,
  ToolsReport,
} from '../../report/report.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';

/** The three properties by which reports name a manifest. */
export function manifestReport({ mediaType, digest, size }: Descriptor): ManifestReport {
  return { mediaType, digest, size };
}

/** A signature manifest as reports describe it. */
export function referrerReport({
  descriptor,
  reused,
}: {
  descriptor: Descriptor;
  reused: boolean;
}): ArtifactReport['referrer'] & object {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}

/** The platform as a property of a report; absent where it is not known. */
export function platformReport(platform: Platform | undefined): { platform?: string } {
  return platform === undefined ? {} : { platform: platformName(platform) };
}

/** A platform as reports write it, such as `linux/arm64/v8` or `linux(+erofs)/amd64`. */
function platformName(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return [`${os}${featuresText(platform)}`, architecture, variant]
    .filter((part) => part !== undefined)
    .join('/');
}

/** What built the images, and how mkfs.erofs was confined if it was used. */
export function builderReport(builder: BuilderInfo | undefined): {
  builder?: BuilderInfo;
  tools?: ToolsReport;
} {
  if (builder === undefined) return {};
  const { reported, confinement } = withoutConfinement(builder);
  return { builder: reported, ...(confinement === undefined ? {} : { tools: { confinement } }) };
}

function withoutConfinement(builder: BuilderInfo): {
  reported: BuilderInfo;
  confinement: Confinement | undefined;
} {
  if (builder.kind === 'mkfs') {
    const { confinement, ...reported } = builder;
    return { reported, confinement };
  }
  if (builder.crossCheck === undefined) return { reported: builder, confinement: undefined };
  const { confinement, ...crossCheck } = builder.crossCheck;
  return { reported: { ...builder, crossCheck }, confinement };
}

/** The holder of a signing certificate as reports describe them. */
export function signerReport(leaf: Certificate): SignerReport {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? 'unknown',
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString(),
  };
}

/** Index entries that were skipped, with the reason. */
export function skippedReport({ skipped }: ResolvedImage): SignReport['skipped'] {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...platformReport(descriptor.platform),
    mediaType: descriptor.mediaType,
    reason,
  }));
}

/** Layers that stay unsigned with the user's consent. */
export function skippedLayersReport({ skippedLayers }: PlatformManifest): ArtifactReport['skippedLayers'] {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason,
  }));
}
