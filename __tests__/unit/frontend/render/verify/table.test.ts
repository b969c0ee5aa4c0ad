import { expect, test } from '@jest/globals';
import { verifyTable } from '../../../../../src/frontend/render/verify/table.ts';
import { digest, hex } from '../../../../helpers/reports.ts';
import {
  HOSTILE,
  manifestReport,
  platformVerdict,
  signatureSet,
  verifyReport,
} from '../../../../helpers/verify-reports.ts';

test('the table has whole digests, reasons and no control characters', () => {
  const bad = signatureSet({ verdict: 'not-trusted', reason: HOSTILE, notes: ['a note'] });
  const table = verifyTable(
    verifyReport({
      verdict: 'not-trusted',
      reason: 'nobody vouches',
      platforms: [platformVerdict({ verdict: 'not-trusted', signatures: [bad] })],
      skipped: [{ digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'no image' }],
    }),
  );
  for (const text of [digest('1'), digest('2'), digest('a'), hex('d'), hex('f'), 'a note', 'no image']) {
    expect(table).toContain(text);
  }
  expect(table).toMatch(/NOT TRUSTED \(3\.2 s\): nobody vouches\n$/);
  expect(table).not.toContain('\u001b');
});

test('shows manifest signatures, the policy and the layers that were not checked, escaped', () => {
  const table = verifyTable(manifestReport());
  for (const text of [
    'mine',
    'audit',
    'a Windows image',
    'covered by the signature of the index',
    'a note',
    'none is attached',
  ]) {
    expect(table).toContain(text);
  }
  expect(table).toContain(digest('7'));
  expect(table).not.toContain('\u001b');
});

test('a reason with line ends begins no line of the table', () => {
  const table = verifyTable(verifyReport({ verdict: 'invalid', reason: 'bad\nverified (0.1 s)' }));
  expect(table).not.toMatch(/^verified/m);
});

test('an image that the policy skips says so', () => {
  const skipped = verifyReport({ verdict: 'skipped', reason: 'the policy says skip', platforms: [] });
  expect(verifyTable(skipped)).toMatch(/SKIPPED by the trust policy \(.*\): the policy says skip\n$/);
});
