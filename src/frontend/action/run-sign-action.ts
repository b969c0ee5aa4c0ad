import type { RunContext } from '../../commands/shared/options.ts';
import { signImage } from '../../commands/sign/sign-image.ts';
import { renderReport, type SignReport } from '../../report/report.ts';
import { destinationOf } from '../destination.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { actionLogger } from '../output/action-reporter.ts';
import { withFailureSummary, writeSummary } from '../output/job-summary.ts';
import { writeActionReport } from '../output/report-file.ts';
import { setOutputs } from '../output/runner-commands.ts';
import { renderSummary } from '../render/sign/summary.ts';
import { signTable } from '../render/sign/table.ts';
import { abortOnSignals, runContext, untilAborted } from '../run-context.ts';
import { trustCertificates } from '../trust-certificates.ts';
import { toolsFor, usesMkfs } from './install-tools.ts';
import { type ActionInputs, loadInputs } from './read-inputs.ts';
import { outputsOf } from './sign-outputs.ts';

/**
 * Runs the Action `sign` from inputs to outputs. Outputs are set only after every image was signed.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runSignAction(visible?: string): Promise<void> {
  const inputs = loadInputs();
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  warnOfVisibleEnvironment(context.log, visible);
  trustCertificates(context.log);
  const reports = await withFailureSummary(inputs.showSummary, 'Signing failed', () =>
    untilAborted(context.signal, () => signAll(inputs, context)),
  );

  const reportPath = writeActionReport(renderReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderSummary(reports));
  setOutputs(outputsOf(reports, reportPath));
}

async function signAll(inputs: ActionInputs, context: RunContext): Promise<SignReport[]> {
  const { signing, install } = inputs;
  // mkfs.erofs is not needed if no layers are signed, or if only the native builder is used.
  const builds = signing.layers !== 'none' && usesMkfs(signing);
  const references = [...inputs.images, ...(signing.pushTo === undefined ? [] : [signing.pushTo])];
  const tools = await toolsFor(install, signing, builds, references, context);
  const reports: SignReport[] = [];
  for (const image of inputs.images) {
    const report = await signImage({ ...signing, tools, image }, context, destinationOf(signing));
    reports.push(report);
    // The runner folds groups, so the table is printed outside of them.
    context.log.info(signTable(report));
  }
  return reports;
}
