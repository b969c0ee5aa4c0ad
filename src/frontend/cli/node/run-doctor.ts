import { VeritySignError } from '../../../errors.ts';
import { errorReport, failedImage } from '../../../report/failed-image.ts';
import type { DoctorReport } from '../../../report/node/doctor-report.ts';
import { renderDocument } from '../../../report/report.ts';
import { harmlessJson } from '../../output/foreign-text.ts';
import { outputColumns, printResult } from '../../output/standard-streams.ts';
import { doctorTable } from '../../render/doctor/table.ts';
import { untilAborted } from '../../run-context.ts';
import { startRun } from '../start-run.ts';
import type { DoctorInvocation } from './doctor-command.ts';

/**
 * Examines a node.
 * @param visible why other processes can read the environment of this one, if they can
 * @throws VeritySignError 'not-enforced' if something is wrong, after the report
 */
export async function runDoctor(
  { options, output, secrets }: DoctorInvocation & { secrets: Readonly<Record<string, string>> },
  visible: string | undefined,
): Promise<void> {
  const print = (report: Parameters<typeof renderDocument>[0]): void =>
    printResult(harmlessJson(renderDocument(report)));
  let report: DoctorReport;
  try {
    const context = await startRun({ log: output.log, secrets, visible });
    const { examineNode } = await import('../../../commands/doctor/doctor.ts');
    report = await untilAborted(context.signal, () => examineNode(options, context));
  } catch (error) {
    if (output.json) print(failedImage(options.verifying?.image, errorReport(error)));
    throw error;
  }
  if (output.json) print(report);
  else printResult(doctorTable(report, outputColumns()));
  const wrong = report.checks.filter(({ state }) => state === 'wrong').map(({ id }) => id);
  if (wrong.length === 0) return;
  throw new VeritySignError('not-enforced', `the node is not ready: ${wrong.join(', ')}`);
}
