import type { Conclusion } from './outcome.ts';

/** By what a check run or a comment is found again. */
export interface Mark {
  /** The same for the same job and images, and no beginning of another. */
  id: string;
  /** The run and its attempt; undefined if the runner names none. */
  attempt?: string;
  conclusion: Conclusion;
}

const WORST_FIRST: readonly Conclusion[] = ['failure', 'neutral', 'success'];

/** Begins with the id. */
export function markText({ id, attempt, conclusion }: Mark): string {
  return attempt === undefined ? id : `${id}/${attempt}/${conclusion}`;
}

/**
 * Whether something with the mark `known` must stay as it is. Steps of a job, jobs of a matrix and calls of a reusable
 * workflow may share an id: what one of them found is not hidden by another of the same attempt that succeeds.
 */
export function mustStay(known: string, mark: Mark): boolean {
  if (mark.attempt === undefined) return false;
  const worse = WORST_FIRST.slice(0, WORST_FIRST.indexOf(mark.conclusion));
  return worse.some((conclusion) => markText({ ...mark, conclusion }) === known);
}
