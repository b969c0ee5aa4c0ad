import type { RunContext } from '../../commands/shared/options.ts';
import { renderReport, renderRootHashes, type SignReport } from '../../report/report.ts';
import {
  type InspectReport,
  renderInspectReport,
  renderVerifyReport,
  type VerifyReport,
} from '../../report/verify-report.ts';
import { destinationOf } from '../destination.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { standardErrorLogger } from '../output/console-reporter.ts';
import { harmlessJson, harmlessLines } from '../output/foreign-text.ts';
import { writeReport } from '../output/report-file.ts';
import {
  outputColumns,
  printFailure,
  printResult,
  printTable,
  surviveClosedPipes,
} from '../output/standard-streams.ts';
import { inspectTable } from '../render/inspect/table.ts';
import { rootHashTable } from '../render/root-hash/table.ts';
import { signTable } from '../render/sign/table.ts';
import { verifyTable } from '../render/verify/table.ts';
import { failureLines, overallVerdict } from '../render/verify/verdict.ts';
import { abortOnSignals, runContext, untilAborted } from '../run-context.ts';
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
    return;
  }
  const log = standardErrorLogger(Boolean(process.env.VERITY_SIGN_DEBUG));
  warnOfVisibleEnvironment(log, visible);
  trustCertificates(log);
  const context = runContext(log, abortOnSignals(), invocation.secrets);
  await untilAborted(context.signal, async () => {
    if (invocation.command === 'sign') return sign(invocation, context);
    if (invocation.command === 'verify') return verify(invocation, context);
    if (invocation.command === 'inspect') return inspect(invocation, context);
    const { rootHashes } = await import('../../commands/root-hash/root-hash.ts');
    const entries = await rootHashes(invocation.options, context);
    printResult(invocation.json ? harmlessJson(renderRootHashes(entries)) : rootHashTable(entries));
  });
}

async function sign(
  { images, signing, report }: Extract<Invocation, { command: 'sign' }>,
  context: RunContext,
): Promise<void> {
  const { signImage } = await import('../../commands/sign/sign-image.ts');
  const reports: SignReport[] = [];
  for (const image of images) {
    const done = await signImage({ ...signing, image }, context, destinationOf(signing));
    reports.push(done);
    printTable(signTable(done), reports.length > 1);
  }
  if (report !== undefined) writeReport(renderReport(reports), report);
}

/** Verifies all images, even if one fails. The exit status is that of the most serious verdict. */
async function verify(
  { images, verifying, report }: Extract<Invocation, { command: 'verify' }>,
  context: RunContext,
): Promise<void> {
  const { verifyImage } = await import('../../commands/verify/verify-image.ts');
  const reports: VerifyReport[] = [];
  for (const image of images) {
    const done = await verifyImage({ ...verifying, image }, context);
    reports.push(done);
    printTable(verifyTable(done), reports.length > 1);
  }
  if (report !== undefined) writeReport(renderVerifyReport(reports), report);
  for (const line of failureLines(reports)) printFailure(line);
  process.exitCode = VERDICT_STATUS[overallVerdict(reports)];
}

async function inspect(
  { images, options, json }: Extract<Invocation, { command: 'inspect' }>,
  context: RunContext,
): Promise<void> {
  const { inspectImage } = await import('../../commands/inspect/inspect-image.ts');
  const reports: InspectReport[] = [];
  for (const image of images) reports.push(await inspectImage({ ...options, image }, context));
  if (json) printResult(harmlessJson(renderInspectReport(reports)));
  else for (const [index, one] of reports.entries()) printTable(inspectTable(one), index > 0);
}
