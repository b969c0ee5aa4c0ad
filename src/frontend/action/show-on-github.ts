import type { RunContext } from '../../commands/shared/options.ts';
import { errorReport, failedImage } from '../../report/failed-image.ts';
import { type ImageResults, reportEntries } from '../each-image.ts';
import type { Publication } from '../github/publish.ts';
import { targetOf } from '../github/target.ts';
import type { CommonInputs } from './read-inputs.ts';

/** What differs between the Actions where GitHub shows a run. */
export type GithubSteps<Report extends object> = Pick<
  Publication<Report>,
  'verb' | 'platforms' | 'pushTo' | 'readBase' | 'renderSummary'
>;

/**
 * A function that shows a run on GitHub, if its inputs ask for that. The run is over by then, and nothing here changes
 * its verdict: a failure is a warning.
 * @param stepsFor what differs between the Actions
 */
export function showingOnGithub<Inputs extends CommonInputs, Report extends { image: { reference: string } }>(
  stepsFor: (inputs: Inputs, context: RunContext) => GithubSteps<Report>,
) {
  return async (inputs: Inputs, results: ImageResults<Report>, context: RunContext): Promise<void> => {
    if (inputs.github === undefined) return;
    try {
      // Before the client is imported: it parses the event too, and says less of one that cannot be read.
      const target = targetOf(process.env);
      // Lazy import: it brings the client of GitHub's API.
      const { publish } = await import('../github/publish.ts');
      await publish({
        ...stepsFor(inputs, context),
        options: inputs.github,
        entries: reportEntries(results, failedImage),
        log: context.log,
        cancelled: context.signal.aborted,
        target,
      });
    } catch (error) {
      const { message, remedy } = errorReport(error);
      const why = remedy === undefined ? message : `${message}. ${remedy}`;
      context.log.warn(`GitHub shows nothing of this run: ${why}`);
    }
  };
}
