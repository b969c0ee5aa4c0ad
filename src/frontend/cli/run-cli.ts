import type { RunContext } from '../../commands/shared/options.ts';
import { renderReport, renderRootHashes, type SignReport } from '../../report/report.ts';
import {
  type InspectReport,
  renderInspectReport,
  renderVerifyReport,
  type VerifyReport,
} from '../../report/verify-report.ts';
import { destinationOf } from '../destination.ts';
import { eachImage, type ImageResults, reportEntries } from '../each-image.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { standardErrorLogger } from '../output/console-reporter.ts';
import { harmlessJson, harmlessLines } from '../output/foreign-text.ts';
import { checkReportPath, writeReport } from '../output/report-file.ts';
import {
  outputColumns,
  printError,
  printFailure,
  printResult,
  printTable,
  requireOutput,
  surviveClosedPipes,
} from '../output/standard-streams.ts';
import { inspectTable } from '../render/inspect/table.ts';
import { rootHashTable } from '../render/root-hash/table.ts';
import { signTable } from '../render/sign/table.ts';
import { verifyTable } from '../render/verify/table.ts';
import { failureLines, overallVerdict } from '../render/verify/verdict.ts';
import { abortOnSignals, runContext, untilAborted } from '../run-context.ts';
import { requireResources } from '../thread-pool.ts';
import { trustCertificates } from '../trust-certificates.ts';
import { VERDICT_STATUS } from './exit-status.ts';
import { type Invocation, parseCommandLine } from './parse-args.ts';

/**
 * Runs one command line. Results go to standard output, everything else to standard error.
 * Each command imports its code when it runs, so that help and usage errors appear at once.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runCli(args: readonly string[], visible?: string): Promise<void> {
  surviveClosedPipes();
  const invocation = parseCommandLine(args, process.env, outputColumns());
  if (invocation.command === 'show') {
    printResult(harmlessLines(invocation.text.replace(/\n$/, '').split('\n')));
    await requireOutput();
    return;
  }
  requireResources();
  const log = standardErrorLogger(Boolean(process.env.VERITY_SIGN_DEBUG));
  warnOfVisibleEnvironment(log, visible);
  await trustCertificates(log);
  const context = runContext(log, abortOnSignals(), invocation.secrets);
  if ('report' in invocation && invocation.report !== undefined) {
    checkReportPath(invocation.report, 'option --report');
  }
  await untilAborted(context.signal, async () => {
    if (invocation.command === 'sign') return sign(invocation, context);
    if (invocation.command === 'verify') return verify(invocation, context);
    if (invocation.command === 'inspect') return inspect(invocation, context);
    const { rootHashes } = await import('../../commands/root-hash/root-hash.ts');
    const entries = await rootHashes(invocation.options, context);
    printResult(
      invocation.json ? harmlessJson(renderRootHashes(entries)) : rootHashTable(entries, outputColumns()),
    );
  });
  await requireOutput();
}

async function sign(
  { images, signing, report }: Extract<Invocation, { command: 'sign' }>,
  context: RunContext,
): Promise<void> {
  const { signImage } = await import('../../commands/sign/sign-image.ts');
  let shown = 0;
  const results = await eachImage<SignReport, void>(images, nothing, async (image, _none, part) => {
    const done = await signImage({ ...signing, image }, context, destinationOf(signing), part);
    printTable(signTable(done, outputColumns()), shown++ > 0);
    return done;
  });
  reportResults(results, report, renderReport);
}

/**
 * Verifies all images, even if one has a bad verdict. The exit status is that of the most serious verdict, or of
 * the error that ended the run.
 */
async function verify(
  { images, verifying, report }: Extract<Invocation, { command: 'verify' }>,
  context: RunContext,
): Promise<void> {
  const { verifyImage } = await import('../../commands/verify/verify-image.ts');
  let shown = 0;
  const results = await eachImage<VerifyReport, void>(images, nothing, async (image) => {
    const done = await verifyImage({ ...verifying, image }, context);
    printTable(verifyTable(done, outputColumns()), shown++ > 0);
    return done;
  });
  for (const line of failureLines(results.done)) printFailure(line);
  reportResults(results, report, renderVerifyReport);
  process.exitCode = VERDICT_STATUS[overallVerdict(results.done)];
}

async function nothing(): Promise<void> {}

/**
 * Writes the report of what was done, also if the run failed.
 * @throws the error that ended the run
 */
function reportResults<Report extends object>(
  results: ImageResults<Report>,
  path: string | undefined,
  render: (entries: ReturnType<typeof reportEntries<Report>>) => string,
): void {
  const { failure } = results;
  try {
    if (path !== undefined) writeReport(render(reportEntries(results)), path, failure === undefined);
  } catch (error) {
    if (failure === undefined) throw error;
    printError(error);
  }
  if (failure !== undefined) throw failure.error;
}

async function inspect(
  { images, options, json }: Extract<Invocation, { command: 'inspect' }>,
  context: RunContext,
): Promise<void> {
  const { inspectImage } = await import('../../commands/inspect/inspect-image.ts');
  const reports: InspectReport[] = [];
  for (const image of images) reports.push(await inspectImage({ ...options, image }, context));
  if (json) printResult(harmlessJson(renderInspectReport(reports)));
  else
    for (const [index, one] of reports.entries()) printTable(inspectTable(one, outputColumns()), index > 0);
}
