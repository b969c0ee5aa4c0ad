import * as core from '@actions/core';
import type { RunContext } from '../pipeline/options.ts';
import { signImage } from '../pipeline/sign-image.ts';
import { renderReport, type SignReport } from '../report/report.ts';
import { type ActionInputs, loadInputs } from './action-inputs.ts';
import { actionLogger } from './action-reporter.ts';
import { toldInSummary, writeActionReport, writeSummary } from './action-results.ts';
import { toolsFor, usesMkfs } from './install-tools.ts';
import { outputsOf } from './outputs.ts';
import { abortOnSignals, runContext, untilAborted } from './run-context.ts';
import { renderSummary } from './summary.ts';
import { signTable } from './tables.ts';

/** The Action `sign`, from inputs to outputs. Outputs are set only after everything has succeeded. */
export async function runSignAction(): Promise<void> {
  const inputs = loadInputs();
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  const reports = await toldInSummary(inputs.showSummary, 'Signing failed', () =>
    untilAborted(context.signal, () => signAll(inputs, context)),
  );

  const reportPath = writeActionReport(renderReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderSummary(reports));
  for (const [name, value] of Object.entries(outputsOf(reports, reportPath))) core.setOutput(name, value);
}

async function signAll(inputs: ActionInputs, context: RunContext): Promise<SignReport[]> {
  const { signing, install } = inputs;
  // Without layers to sign, or with the native builder alone, there is no need of mkfs.erofs.
  const builds = signing.layers !== 'none' && usesMkfs(signing);
  const tools = await toolsFor(install, signing, builds, context);
  const reports: SignReport[] = [];
  for (const image of inputs.images) {
    const report = await signImage({ ...signing, tools, image }, context);
    reports.push(report);
    // Groups are folded in the runner's log: this is what a reader sees.
    context.log.info(signTable(report));
  }
  return reports;
}
