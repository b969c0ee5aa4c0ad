import type { RunContext } from '../../commands/shared/options.ts';
import { verifyImage } from '../../commands/verify/verify-image.ts';
import { renderVerifyReport, type VerifyReport } from '../../report/verify-report.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { type VerifyingOptions, verifyingOptions } from '../inputs/verifying-options.ts';
import { actionLogger } from '../output/action-reporter.ts';
import { withFailureSummary, writeSummary } from '../output/job-summary.ts';
import { writeActionReport } from '../output/report-file.ts';
import { failStep, setOutputs } from '../output/runner-commands.ts';
import { renderVerifySummary } from '../render/verify/summary.ts';
import { verifyTable } from '../render/verify/table.ts';
import { failureLines } from '../render/verify/verdict.ts';
import { abortOnSignals, runContext, untilAborted } from '../run-context.ts';
import { trustCertificates } from '../trust-certificates.ts';
import { toolsFor, usesMkfs } from './install-tools.ts';
import { type CommonInputs, commonInputs, readInputs } from './read-inputs.ts';
import { verifyOutputsOf } from './verify-outputs.ts';

interface VerifyInputs extends CommonInputs {
  verifying: VerifyingOptions;
}

/**
 * Runs the Action `verify` from inputs to outputs. It writes report, summary and outputs for every
 * verdict; the step fails unless each image is verified, or skipped by the trust policy.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runVerifyAction(visible?: string): Promise<void> {
  const { raw, dialect } = readInputs('verify-action');
  const verifying = verifyingOptions(raw, dialect);
  const inputs: VerifyInputs = { ...commonInputs(raw, dialect), verifying };
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  warnOfVisibleEnvironment(context.log, visible);
  trustCertificates(context.log);
  const reports = await withFailureSummary(inputs.showSummary, 'Verification failed', () =>
    untilAborted(context.signal, () => verifyAll(inputs, context)),
  );

  const reportPath = writeActionReport(renderVerifyReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderVerifySummary(reports));
  setOutputs(verifyOutputsOf(reports, reportPath));
  const failures = failureLines(reports);
  if (failures.length > 0) failStep(failures);
}

async function verifyAll(inputs: VerifyInputs, context: RunContext): Promise<VerifyReport[]> {
  const { verifying, install } = inputs;
  // mkfs.erofs is needed only to rebuild images.
  const builds = verifying.recompute && verifying.layers !== 'none' && usesMkfs(verifying);
  const tools = await toolsFor(install, verifying, builds, inputs.images, context);
  const reports: VerifyReport[] = [];
  for (const image of inputs.images) {
    const report = await verifyImage({ ...verifying, tools, image }, context);
    reports.push(report);
    context.log.info(verifyTable(report));
  }
  return reports;
}
