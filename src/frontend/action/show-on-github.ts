import type { RunContext } from '../../commands/shared/options.ts';
import { failedImage } from '../../report/failed-image.ts';
import { type ImageResults, reportEntries } from '../each-image.ts';
import type { Publication } from '../github/publish.ts';
import type { CommonInputs } from './read-inputs.ts';

/** What differs between the Actions where GitHub shows a run. */
export type GithubSteps<Report extends object> = Pick<
  Publication<Report>,
  'verb' | 'platforms' | 'pushTo' | 'readBase' | 'renderSummary'
>;

/**
 * A function that shows a run on GitHub, if its inputs ask for that.
 * @param stepsFor what differs between the Actions
 */
export function showingOnGithub<Inputs extends CommonInputs, Report extends { image: { reference: string } }>(
  stepsFor: (inputs: Inputs, context: RunContext) => GithubSteps<Report>,
) {
  return async (inputs: Inputs, results: ImageResults<Report>, context: RunContext): Promise<void> => {
    if (inputs.github === undefined) return;
    // Lazy import: it brings the client of GitHub's API.
    const { publish } = await import('../github/publish.ts');
    await publish({
      ...stepsFor(inputs, context),
      options: inputs.github,
      entries: reportEntries(results, failedImage),
      log: context.log,
      cancelled: context.signal.aborted,
    });
  };
}
