import { errorReport, failedImage } from '../../../report/failed-image.ts';
import { imageAtFault } from '../../each-image.ts';
import { nodeKitTable } from '../../render/node-kit/table.ts';
import { untilAborted } from '../../run-context.ts';
import { RunOutput } from '../run-output.ts';
import { startRun } from '../start-run.ts';
import type { NodeKitInvocation } from './node-kit-command.ts';

/**
 * Runs `node-kit`.
 * @param visible why other processes can read the environment of this one, if they can
 * @throws the error that ended the run, after the report
 */
export async function runNodeKit(
  { options, output: wanted, secrets }: NodeKitInvocation & { secrets: Readonly<Record<string, string>> },
  visible: string | undefined,
): Promise<void> {
  const output = new RunOutput(wanted);
  try {
    const context = await startRun({ log: wanted.log, secrets, visible });
    output.check();
    const { makeKit } = await import('../../../commands/node-kit/make-kit.ts');
    const report = await untilAborted(context.signal, () => makeKit(options, context));
    output.table((columns) => nodeKitTable(report, columns));
    output.report([report]);
  } catch (error) {
    output.report([failedImage(imageAtFault(error, options.images), errorReport(error))], { error });
    throw error;
  }
}
