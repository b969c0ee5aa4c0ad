import type { ArtifactReport, SignReport } from '../../report/report.ts';
import { boundedJson, boundedLines, OUTPUT_LIMIT } from './bounded-output.ts';
import { coverageOutputs } from './coverage-outputs.ts';
import type { SignOutput } from './output-list.ts';

/**
 * The outputs of the Action `sign`, without I/O. The list of outputs describes their shapes.
 * @param warn gets a line about each output that does not have all items
 */
export function outputsOf(
  reports: readonly SignReport[],
  reportPath: string,
  warn: (line: string) => void = () => undefined,
): Record<SignOutput, string> {
  const bounded = (name: SignOutput, items: readonly unknown[]): string =>
    boundedJson(items, (shown) => warn(shortened(name, shown, items.length)));
  const artifacts = reports.flatMap((report) =>
    report.artifacts.map((artifact) => ({ artifact, of: artifactOf(report, artifact) })),
  );
  return {
    digest: boundedLines(
      reports.map((report) => report.image.digest),
      (shown) => warn(shortened('digest', shown, reports.length)),
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
    ...coverageOutputs(reports),
    'report-path': reportPath,
  };
}

function shortened(name: SignOutput, shown: number, all: number): string {
  return `output ${name} has the first ${shown} of ${all} items: an output is limited to ${OUTPUT_LIMIT / 1024} KiB. Read the others from the report (output report-path)`;
}

function artifactOf(report: SignReport, artifact: ArtifactReport) {
  return {
    image: report.image.name,
    platform: artifact.platform ?? null,
    profile: artifact.profile,
    // The native builder may create several artifacts of one profile, one per class.
    ...(report.builder?.kind === 'native' ? { class: artifact.class } : {}),
    manifest: artifact.manifest.digest,
  };
}
