import { versionReport } from '../../commands/version/version.ts';
import { errorReport, failedImage } from '../../report/failed-image.ts';
import { renderDocument } from '../../report/report.ts';
import type { VersionReport } from '../../report/version-report.ts';
import { harmlessJson } from '../output/foreign-text.ts';
import { outputColumns, printResult } from '../output/standard-streams.ts';
import { versionText } from '../render/version/text.ts';
import { abortOnSignals, untilAborted } from '../run-context.ts';
import type { VersionInvocation } from './parse-args.ts';

/** Runs `version`. With JSON, a run that fails or is stopped has an object, too. */
export async function printVersion({ options, output }: VersionInvocation): Promise<void> {
  const signal = abortOnSignals();
  let report: VersionReport;
  try {
    report = await untilAborted(signal, () => versionReport(options, signal));
  } catch (error) {
    if (output.json) printResult(harmlessJson(renderDocument(failedImage(undefined, errorReport(error)))));
    throw error;
  }
  printResult(output.json ? harmlessJson(renderDocument(report)) : versionText(report, outputColumns()));
}
