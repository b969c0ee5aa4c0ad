import { worstVerdict } from '../../commands/verify/worst-verdict.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { overallVerdict } from '../render/verify/verdict.ts';
import { boundedLines, type Warn } from './bounded-output.ts';
import { coverageOutputs } from './coverage-outputs.ts';
import type { VerifyOutput } from './output-list.ts';

/**
 * The outputs of the Action `verify`, without I/O. The list of outputs describes their shapes.
 * @param complete false if the run ended before all images were checked
 */
export function verifyOutputsOf(
  reports: readonly VerifyReport[],
  reportPath: string,
  warn: Warn,
  complete: boolean,
): Record<VerifyOutput, string> {
  return {
    digest: boundedLines(
      'digest',
      reports.map(({ image }) => image.digest ?? ''),
      warn,
    ),
    verdict: complete ? overallVerdict(reports) : worstVerdict([overallVerdict(reports), 'unchecked']),
    ...coverageOutputs(reports, warn, complete),
    'report-path': reportPath,
  };
}
