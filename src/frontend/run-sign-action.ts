import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as core from '@actions/core';
import type { ToolOptions } from '../pipeline/options.ts';
import { signImage } from '../pipeline/sign-image.ts';
import { renderReport, type SignReport } from '../report/report.ts';
import { installTools } from '../tools/install.ts';
import { loadInputs } from './action-inputs.ts';
import { actionLogger } from './action-reporter.ts';
import { outputsOf } from './outputs.ts';
import { abortOnSignals, runContext } from './run-context.ts';
import { renderSummary } from './summary.ts';

/** The Action `sign`, from inputs to outputs. Outputs are set only after everything has succeeded. */
export async function runSignAction(): Promise<void> {
  const inputs = loadInputs();
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  const { signing } = inputs;
  const tools: ToolOptions = inputs.install
    ? await installTools(
        {
          ...signing.tools,
          orasVersion: inputs.orasVersion,
          ...(signing.erofsUtilsVersion === undefined
            ? {}
            : { erofsUtilsVersion: signing.erofsUtilsVersion }),
        },
        context,
      )
    : signing.tools;

  const reports: SignReport[] = [];
  for (const image of inputs.images) reports.push(await signImage({ ...signing, tools, image }, context));

  const reportPath = writeReport(reports, inputs.report);
  if (inputs.showSummary) await writeSummary(reports);
  for (const [name, value] of Object.entries(outputsOf(reports, reportPath))) core.setOutput(name, value);
}

/** Returns the absolute path of the file. */
function writeReport(reports: readonly SignReport[], wanted: string | undefined): string {
  const path =
    wanted === undefined
      ? join(mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-report-')), 'report.json')
      : resolve(wanted);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderReport(reports));
  return path;
}

/** A summary that cannot be written (the runner may have none) takes nothing away from the signatures. */
async function writeSummary(reports: readonly SignReport[]): Promise<void> {
  try {
    await core.summary.addRaw(renderSummary(reports)).write();
  } catch (error) {
    core.warning(`The job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
