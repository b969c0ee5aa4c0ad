import { versionReport } from '../../commands/version/version.ts';
import { renderDocument } from '../../report/report.ts';
import { harmlessJson } from '../output/foreign-text.ts';
import { outputColumns, printResult } from '../output/standard-streams.ts';
import { versionText } from '../render/version/text.ts';
import { abortOnSignals, untilAborted } from '../run-context.ts';
import type { VersionInvocation } from './parse-args.ts';

/** Runs `version`. */
export async function printVersion({ options, output }: VersionInvocation): Promise<void> {
  const signal = abortOnSignals();
  const report = await untilAborted(signal, () => versionReport(options, signal));
  printResult(output.json ? harmlessJson(renderDocument(report)) : versionText(report, outputColumns()));
}
