import type { VerifyReport } from '../../report/verify-report.ts';
import { overallVerdict } from '../render/verify/verdict.ts';
import { coverageOutputs } from './coverage-outputs.ts';
import type { VerifyOutput } from './output-list.ts';

/** The outputs of the Action `verify`, without I/O. The list of outputs describes their shapes. */
export function verifyOutputsOf(
  reports: readonly VerifyReport[],
  reportPath: string,
): Record<VerifyOutput, string> {
  return {
    digest: reports.map(({ image }) => image.digest ?? '').join('\n'),
    verdict: overallVerdict(reports),
    ...coverageOutputs(reports),
    'report-path': reportPath,
  };
}
