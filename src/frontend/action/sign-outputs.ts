import type { PreflightVerdict } from '../../report/node/preflight-report.ts';
import type { ArtifactReport, SignReport } from '../../report/report.ts';
import { boundedJson, boundedLines, type Warn } from './bounded-output.ts';
import { coverageOutputs } from './coverage-outputs.ts';
import type { SignOutput } from './output-list.ts';

/**
 * The outputs of the Action `sign`, without I/O. The list of outputs describes their shapes.
 * @param failure if the run ended before all images were signed. Of the image that failed, only what preflight found
 *   is an output.
 */
export function outputsOf(
  reports: readonly SignReport[],
  reportPath: string,
  warn: Warn,
  failure: { part?: SignReport } | undefined,
): Record<SignOutput, string> {
  const bounded = (name: SignOutput, items: readonly unknown[]): string => boundedJson(name, items, warn);
  const artifacts = reports.flatMap((report) =>
    report.artifacts.map((artifact) => ({ artifact, of: artifactOf(report, artifact) })),
  );
  return {
    digest: boundedLines(
      'digest',
      reports.map((report) => report.image.digest),
      warn,
    ),
    'artifact-digests': bounded(
      'artifact-digests',
      artifacts.flatMap(({ artifact: { referrer }, of }) =>
        referrer === undefined ? [] : [{ ...of, digest: referrer.digest, reused: referrer.reused }],
      ),
    ),
    'root-hashes': bounded(
      'root-hashes',
      artifacts.flatMap(({ artifact, of }) =>
        artifact.layers.map(({ index, digest, rootHash }) => ({ ...of, index, layer: digest, rootHash })),
      ),
    ),
    'manifest-signatures': bounded(
      'manifest-signatures',
      reports.flatMap((report) =>
        report.manifestSignatures.flatMap(({ platform, manifest, format, referrer }) =>
          referrer === undefined
            ? []
            : [
                {
                  image: report.image.name,
                  platform: platform ?? null,
                  manifest: manifest.digest,
                  format,
                  digest: referrer.digest,
                  reused: referrer.reused,
                },
              ],
        ),
      ),
    ),
    ...preflightOutputs([...reports, ...(failure?.part === undefined ? [] : [failure.part])], bounded),
    ...coverageOutputs(reports, warn, failure === undefined),
    'report-path': reportPath,
  };
}

/** The most serious verdict first. */
const VERDICTS: readonly PreflightVerdict[] = [
  'not-enforced',
  'refused',
  'denied',
  'failed',
  'unchecked',
  'accepted',
  'runs',
];

function preflightOutputs(
  reports: readonly SignReport[],
  bounded: (name: SignOutput, items: readonly unknown[]) => string,
): Record<'preflight-verdict' | 'preflight-denials', string> {
  const tested = reports.flatMap(({ preflight }) => preflight ?? []);
  const denials = tested.flatMap((report) =>
    report.denials.map((denial) => ({ image: report.image.name, ...denial })),
  );
  return {
    'preflight-verdict': VERDICTS.find((one) => tested.some(({ verdict }) => verdict === one)) ?? '',
    'preflight-denials': bounded('preflight-denials', denials),
  };
}

function artifactOf(report: SignReport, artifact: ArtifactReport) {
  return {
    image: report.image.name,
    platform: artifact.platform ?? null,
    profile: artifact.profile,
    // The native builder may create several artifacts of one profile, one per class.
    ...(report.builder?.kind === 'native' && artifact.class !== undefined ? { class: artifact.class } : {}),
    manifest: artifact.manifest.digest,
  };
}
