import type { IpePolicyCheck, IpePolicyReport } from '../../report/node/ipe-policy-report.ts';
import { boundedLines, type Warn } from './bounded-output.ts';
import type { IpePolicyOutput } from './output-list.ts';

/**
 * The outputs of the Action `ipe-policy`, without I/O. The list of outputs describes their shapes.
 * @param report of what was done, also if the rest failed
 */
export function ipePolicyOutputsOf(
  report: IpePolicyReport | IpePolicyCheck | undefined,
  reportPath: string,
  warn: Warn,
): Record<IpePolicyOutput, string> {
  const made = report !== undefined && 'policy' in report ? report : undefined;
  const checked = report !== undefined && 'checked' in report ? report : undefined;
  return {
    'policy-path': made?.files?.policy ?? '',
    'signed-path': made?.files?.signed ?? '',
    'mapping-path': made?.files?.mapping ?? '',
    version: (made?.policy ?? checked?.checked)?.version ?? '',
    'pushed-to': boundedLines(
      'pushed-to',
      (made?.pushedTo ?? []).map(({ reference, digest }) => `${reference}@${digest}`),
      warn,
    ),
    lacking: checked === undefined ? '' : String(checked.lacking),
    'report-path': reportPath,
  };
}
