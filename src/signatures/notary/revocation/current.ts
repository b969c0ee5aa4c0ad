import { FormatError } from '../../../formats/format-error.ts';

/** The clocks of those who sign lists and answers may be ahead of ours by this much, milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;

/**
 * The rule for the times of a revocation list and of an OCSP answer.
 * @throws FormatError without a nextUpdate, after it, and before thisUpdate
 */
export function checkCurrent(times: { thisUpdate: Date; nextUpdate: Date | undefined }, now: Date): void {
  const { thisUpdate, nextUpdate } = times;
  if (nextUpdate === undefined) throw new FormatError('has no nextUpdate');
  if (now > nextUpdate) throw new FormatError(`expired on ${nextUpdate.toISOString()}`);
  if (+thisUpdate > +now + CLOCK_SKEW) throw new FormatError('has a thisUpdate that is in the future');
}
