import { type ImageResults, reportEntries } from '../each-image.ts';
import { writeReport } from '../output/report-file.ts';
import { printError } from '../output/standard-streams.ts';

/**
 * Writes the report of what was done, also if the run failed.
 * @param path undefined if no report is wanted
 * @throws the error that ended the run
 */
export function reportResults<Report extends object>(
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
