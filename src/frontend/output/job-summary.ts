import { renderFailure } from '../render/failure-summary.ts';
import { appendSummary, warn } from './runner-commands.ts';

/** Appends Markdown to the job summary. If the runner has none, the step gets a warning and goes on. */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await appendSummary(markdown);
  } catch (error) {
    warn(`the job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Runs `work`. If it fails, the error is rethrown, and with `show` the job summary explains it first.
 * @param title heading of the failure, such as `Signing failed`
 */
export async function withFailureSummary<T>(
  show: boolean,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (show) await writeSummary(renderFailure(title, error));
    throw error;
  }
}
