import { describe, expect, test } from '@jest/globals';
import { outcomeOf, worstConclusion } from '../../../../src/frontend/github/outcome.ts';
import { signVerb, VERIFY_VERB, verifiedLayers } from '../../../../src/frontend/github/verbs.ts';
import { failedImage } from '../../../../src/report/failed-image.ts';
import type { Verdict } from '../../../../src/report/verify-report.ts';
import { digest, dryRun, report } from '../../../helpers/reports.ts';
import { verifyReport } from '../../../helpers/verify-reports.ts';

describe('conclusions', () => {
  test.each([
    ['verified', 'success'],
    ['skipped', 'neutral'],
    ['invalid', 'failure'],
    ['not-trusted', 'failure'],
    ['not-signed', 'failure'],
    ['unchecked', 'failure'],
  ] satisfies [Verdict, string][])('verify: %s is %s', (verdict, conclusion) => {
    expect(VERIFY_VERB.outcome({ ...verifyReport(), verdict }).conclusion).toBe(conclusion);
  });

  test('sign: signed, and a dry run, whose name is another', () => {
    expect(signVerb(false).outcome(report())).toMatchObject({ conclusion: 'success', digest: digest('9') });
    expect(signVerb(true).outcome(dryRun())).toMatchObject({ conclusion: 'neutral' });
    expect(signVerb(true).name).not.toBe(signVerb(false).name);
  });

  test('a cancelled run fails: a neutral one would pass', () => {
    const error = { code: 'cancelled' as const, message: 'stopped by SIGTERM' };
    expect(outcomeOf(failedImage('app', error), signVerb(false))).toEqual({
      conclusion: 'failure',
      words: 'Cancelled',
      error,
    });
  });

  test('the worst counts', () => {
    expect(worstConclusion(['success', 'failure', 'neutral'])).toBe('failure');
    expect(worstConclusion(['success', 'neutral'])).toBe('neutral');
    expect(worstConclusion(['success'])).toBe('success');
  });
});

test('root hashes count only where the signatures verified', () => {
  const verified = verifyReport();
  expect(verifiedLayers(verified).flatMap(({ layers }) => layers).length).toBeGreaterThan(0);
  const platforms = verified.platforms.map((platform) => ({
    ...platform,
    signatures: platform.signatures.map((set) => ({ ...set, verdict: 'not-trusted' as const })),
  }));
  expect(verifiedLayers({ ...verified, platforms })).toEqual([]);
});
