import type { RunContext } from '../../../commands/shared/options.ts';
import { errorReport, failedImage } from '../../../report/failed-image.ts';
import type { IpePolicyCheck, IpePolicyReport } from '../../../report/node/ipe-policy-report.ts';
import { imageAtFault } from '../../each-image.ts';
import { checkTable, policyTable } from '../../render/ipe-policy/table.ts';
import { untilAborted } from '../../run-context.ts';
import { RunOutput } from '../run-output.ts';
import { startRun } from '../start-run.ts';
import type { IpePolicyInvocation } from './ipe-policy-command.ts';

type Report = IpePolicyReport | IpePolicyCheck;

/**
 * Runs `ipe-policy`.
 * @param visible why other processes can read the environment of this one, if they can
 * @throws the error that ended the run, after the report of what was done
 */
export async function runIpePolicy(
  { options, output: wanted, secrets }: IpePolicyInvocation & { secrets: Readonly<Record<string, string>> },
  visible: string | undefined,
): Promise<void> {
  const output = new RunOutput(wanted);
  let part: Report | undefined;
  try {
    const context = await startRun({ log: wanted.log, secrets, visible });
    output.check();
    await untilAborted(context.signal, () =>
      run(options, context, output, (report) => {
        part = report;
      }),
    );
  } catch (error) {
    const failed = errorReport(error);
    const image = imageAtFault(error, options.images);
    output.report([part === undefined ? failedImage(image, failed) : { ...part, error: failed }], { error });
    throw error;
  }
  output.report(part === undefined ? [] : [part]);
}

async function run(
  options: IpePolicyInvocation['options'],
  context: RunContext,
  output: RunOutput,
  part: (report: Report) => void,
): Promise<void> {
  if (options.kind === 'make') {
    const { makePolicy } = await import('../../../commands/ipe-policy/make-policy.ts');
    const report = await makePolicy(options, context, part);
    part(report);
    output.table((columns) => policyTable(report, columns));
    return;
  }
  const { checkPolicy, lackingError } = await import('../../../commands/ipe-policy/check-policy.ts');
  const report = await checkPolicy(options, context);
  part(report);
  output.table((columns) => checkTable(report, columns));
  const error = lackingError(report);
  if (error !== undefined) throw error;
}
