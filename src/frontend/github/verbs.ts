import { withCoverage } from '../../report/coverage-text.ts';
import type { SignReport } from '../../report/report.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { verdictText } from '../render/verify/verdict.ts';
import type { LayerSet } from './layer-changes.ts';
import type { Verb } from './outcome.ts';

/** A dry run has a name of its own: it must not pass where a rule demands that the image is signed. */
export function signVerb(dryRun: boolean): Verb<SignReport> {
  return {
    name: dryRun ? 'dry run' : 'sign',
    outcome: (report) => ({
      conclusion: report.dryRun ? 'neutral' : 'success',
      words: report.dryRun ? 'Root hashes computed, nothing signed' : capital(withCoverage('signed', report)),
      digest: report.image.digest,
    }),
    layers: signedLayers,
    baseOrigin: 'computed in this run',
  };
}

/** An image that the trust policy skips does not fail the step either. */
export const VERIFY_VERB: Verb<VerifyReport> = {
  name: 'verify',
  outcome: (report) => {
    const { verdict, image } = report;
    return {
      conclusion: verdict === 'verified' ? 'success' : verdict === 'skipped' ? 'neutral' : 'failure',
      words: capital(verdictText(report)),
      ...(image.digest === undefined ? {} : { digest: image.digest }),
    };
  },
  layers: verifiedLayers,
  baseOrigin: 'read from its signatures, which verified',
};

/** Root hashes that the run computed. */
export function signedLayers({ artifacts }: SignReport): LayerSet[] {
  return artifacts.map(({ platform, profile, class: name, layers }) => ({
    ...(platform === undefined ? {} : { platform }),
    ...(name === undefined ? {} : { class: name }),
    ...{ profile, layers },
  }));
}

/** Root hashes whose signatures verified. Others prove nothing. */
export function verifiedLayers({ platforms }: VerifyReport): LayerSet[] {
  return platforms.flatMap(({ platform, signatures }) =>
    signatures
      .filter(({ verdict }) => verdict === 'verified')
      .map(({ profile, erofsUtils, layers }) => ({
        ...(platform === undefined ? {} : { platform }),
        ...(erofsUtils?.class === undefined ? {} : { class: erofsUtils.class }),
        profile: profile ?? 'unknown',
        layers,
      })),
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
