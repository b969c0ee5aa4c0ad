import type { RunContext } from '../../commands/shared/options.ts';
import { failedImage } from '../../report/failed-image.ts';
import { renderReport } from '../../report/report.ts';
import { hasResults, type ImageFailure, type ImageResults, reportEntries } from '../each-image.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { actionLogger } from '../output/action-reporter.ts';
import { withFailureSummary, writeSummary } from '../output/job-summary.ts';
import { checkActionFolder, checkReportPath, writeActionReport } from '../output/report-file.ts';
import { checkRunnerFiles, info, setOutputs, warn } from '../output/runner-commands.ts';
import { renderFailure } from '../render/failure-summary.ts';
import { SUMMARY_LIMIT } from '../render/markdown.ts';
import { abortOnSignals, runContext } from '../run-context.ts';
import { requireResources } from '../thread-pool.ts';
import { trustCertificates } from '../trust-certificates.ts';
import { type CommonInputs, wantsSummary } from './read-inputs.ts';

/** What differs between the Actions. */
export interface ActionSteps<Inputs extends CommonInputs, Report extends object> {
  /** Heading of a failure in the job summary, such as `Signing failed`. */
  failed: string;
  /** Raises usage errors that name the input. */
  readInputs(): Inputs;
  /** Does not reject. */
  run(inputs: Inputs, context: RunContext): Promise<ImageResults<Report>>;
  renderSummary(done: readonly Report[], limit: number): string;
  /** @param failure of the rest, if any */
  outputs(
    done: readonly Report[],
    reportPath: string,
    failure: ImageFailure<Report> | undefined,
  ): Record<string, string>;
  /** Shows the run on GitHub, with `github-token`. Absent for an Action without that input. */
  showOnGithub?(inputs: Inputs, results: ImageResults<Report>, context: RunContext): Promise<void>;
}

/**
 * Runs an Action from inputs to outputs. What could prevent the results from being reported is refused before
 * any work. Afterwards report, summary and outputs hold what was done, also if a later image failed.
 *
 * @param visible why other processes can read the environment of this one, if they can
 * @returns the reports of all images
 * @throws the error that ended the run, once everything is written
 */
export async function runAction<Inputs extends CommonInputs, Report extends object>(
  steps: ActionSteps<Inputs, Report>,
  visible: string | undefined,
): Promise<readonly Report[]> {
  const { failed } = steps;
  const inputs = await withFailureSummary(wantsSummary(), failed, async () => {
    const read = steps.readInputs();
    requireResources();
    const showSummary = checkRunnerFiles({ summary: read.showSummary });
    if (read.report === undefined) checkActionFolder();
    else checkReportPath(read.report, 'input report');
    // A file that is known to be closed is not tried again.
    return { ...read, showSummary };
  });
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  warnOfVisibleEnvironment(context.log, visible);
  await trustCertificates(context.log);
  const results = await steps.run(inputs, context);
  await report(steps, inputs, results);
  await steps.showOnGithub?.(inputs, results, context);
  if (results.failure !== undefined) throw results.failure.error;
  return results.done;
}

async function report<Inputs extends CommonInputs, Report extends object>(
  steps: ActionSteps<Inputs, Report>,
  inputs: Inputs,
  results: ImageResults<Report>,
): Promise<void> {
  const { done, failure } = results;
  const reported = hasResults(results);
  let path = '';
  if (reported || inputs.report !== undefined) {
    path = writeActionReport(renderReport(reportEntries(results, failedImage)), inputs.report, warn, info);
  }
  if (inputs.showSummary) await writeSummary(summaryOf(steps, results));
  if (reported) setOutputs(steps.outputs(done, path, failure));
}

/** First what failed, then what was done. */
function summaryOf<Report extends object>(
  steps: Pick<ActionSteps<never, Report>, 'failed' | 'renderSummary'>,
  { done, failure }: ImageResults<Report>,
): string {
  if (failure === undefined) return steps.renderSummary(done, SUMMARY_LIMIT);
  const { error, part, notStarted } = failure;
  const first = renderFailure(steps.failed, error, notStarted);
  const reports = part === undefined ? done : [...done, part];
  if (reports.length === 0) return first;
  return `${first}\n${steps.renderSummary(reports, SUMMARY_LIMIT - Buffer.byteLength(first) - 1)}`;
}
