import type { BuilderInfo, ResolvedImage } from '../../model/index.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';
import type { PushedTag, SignReport } from '../../report/report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type { CachedLayer } from '../shared/cache/fill-cache.ts';
import { cachedLayersReport } from '../shared/cache/report.ts';
import { uncoveredReport } from '../shared/coverage.ts';
import type { SignOptions } from '../shared/options.ts';
import {
  builderReport,
  manifestReport,
  platformReport,
  signerReport,
  skippedReport,
} from '../shared/report-parts.ts';
import type { SignRun } from '../shared/run.ts';
import { uncoveredBySigning } from './index-coverage.ts';
import { artifactReport } from './layers/report.ts';
import { manifestSignatureReport } from './manifests/report.ts';
import type { Planned } from './plan-signatures.ts';
import type { AttachedSignatures } from './sign-and-attach.ts';
import type { SigningContext } from './signing-context.ts';

/** What a run of `sign` knows before it signs. */
export interface SignFacts {
  image: ResolvedImage;
  /** Undefined if no layer was converted. */
  builder: BuilderInfo | undefined;
  /** Version of oras; undefined for an image that needs none. */
  oras: string | undefined;
  /** Undefined in a dry run without a certificate. */
  signing: SigningContext | undefined;
  planned: Planned;
  /** The layers in the cache of export-dir; undefined without it. */
  exported: readonly CachedLayer[] | undefined;
  /** The root hashes of the cache that are signed; none in a run that has not signed yet. */
  signedInCache?: ReadonlySet<string>;
  /** Undefined without `preflight`, and before it. */
  preflight?: PreflightReport | undefined;
}

/** @param attached undefined in a dry run */
export function signReport(
  { options, watch }: SignRun,
  { image, builder, oras, signing, planned, exported, signedInCache = new Set(), preflight }: SignFacts,
  attached?: AttachedSignatures,
  [pushed, ...more]: readonly PushedTag[] = [],
): SignReport {
  const { digest, mediaType } = image.root;
  return {
    ...REPORT_HEAD,
    dryRun: options.dryRun,
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builderReport(builder),
    ...(oras === undefined ? {} : { oras }),
    ...(signing === undefined ? {} : { signer: signingReport(signing) }),
    artifacts: planned.artifacts.map((artifact, index) =>
      artifactReport(artifact, builder, attached?.artifacts[index]),
    ),
    layersLeftOut: excludedLayersReport(image),
    manifestSignatures: planned.manifests.map((manifest, index) =>
      manifestSignatureReport(manifest, attached?.manifests[index]),
    ),
    ...exportedReport(options, exported, signedInCache),
    ...(preflight === undefined ? {} : { preflight }),
    configurationCovered: options.manifestSignature !== 'none',
    uncovered: uncoveredReport(uncoveredBySigning(image, options)),
    skipped: skippedReport(image),
    ...(pushed === undefined ? {} : { pushed, pushedTo: [pushed, ...more] }),
    seconds: {
      total: watch.total(),
      resolve: watch.of('resolve'),
      convert: watch.of('convert'),
      sign: watch.of('sign'),
      attach: watch.of('attach'),
      push: watch.of('push'),
    },
  };
}

function exportedReport(
  { exportDir }: SignOptions,
  exported: readonly CachedLayer[] | undefined,
  signed: ReadonlySet<string>,
): Pick<SignReport, 'exported'> {
  if (exportDir === undefined || exported === undefined) return {};
  return { exported: { folder: exportDir, layers: cachedLayersReport(exported, signed) } };
}

function excludedLayersReport({ manifests }: ResolvedImage): SignReport['layersLeftOut'] {
  return manifests.flatMap(({ descriptor, platform, layersLeftOut: reason }) =>
    reason === undefined
      ? []
      : [{ ...platformReport(platform), manifest: manifestReport(descriptor), reason }],
  );
}

function signingReport({ leaf, key }: SigningContext): SignReport['signer'] & object {
  return { ...signerReport(leaf), ...(key === undefined ? {} : { holder: key.holder }) };
}
