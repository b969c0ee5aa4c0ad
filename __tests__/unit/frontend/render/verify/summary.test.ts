import { expect, test } from '@jest/globals';
import { renderVerifySummary } from '../../../../../src/frontend/render/verify/summary.ts';
import { digest, hex } from '../../../../helpers/reports.ts';
import {
  HOSTILE,
  manifestReport,
  platformVerdict,
  signatureSet,
  verifyReport,
} from '../../../../helpers/verify-reports.ts';

test('says verdict, signer, layers and notes', () => {
  const summary = renderVerifySummary([verifyReport()]);
  for (const text of ['**verified**', 'CN=Test signer', hex('f'), hex('d'), 'Only a kernel enforces']) {
    expect(summary).toContain(text);
  }
  expect(renderVerifySummary([verifyReport({ verdict: 'invalid', reason: 'because' })])).toMatch(
    /\*\*INVALID\*\*[\s\S]*because/,
  );
  expect(renderVerifySummary([verifyReport({ recompute: false })])).toContain('not recomputed');
});

test('text that is not ours makes no HTML, link, heading or mention, and breaks no table or fold', () => {
  const summary = renderVerifySummary([
    verifyReport({
      verdict: 'invalid',
      reason: HOSTILE,
      image: { reference: HOSTILE },
      platforms: [
        platformVerdict({
          platform: HOSTILE,
          profiles: [{ profile: 'containerd', verdict: 'invalid', reason: HOSTILE }],
          signatures: [
            signatureSet({
              verdict: 'invalid',
              reason: HOSTILE,
              notes: [HOSTILE],
              layers: [
                {
                  index: 0,
                  digest: '```\n</details>',
                  verdict: 'invalid',
                  reason: HOSTILE,
                  rootHash: HOSTILE,
                  signatureDigest: 'x',
                },
              ],
            }),
          ],
          skippedLayers: [{ index: 1, digest: digest('8'), mediaType: 'x', reason: HOSTILE }],
        }),
      ],
      skipped: [{ digest: digest('8'), mediaType: 'x', reason: HOSTILE }],
      notes: [HOSTILE],
    }),
  ]);
  const text = summary.replaceAll(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '');
  for (const markup of ['<img', '](', '@team', '`', '\u001b']) expect(text).not.toContain(markup);
  expect(text).not.toMatch(/^# title/m);
  expect(text.match(/<details open>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
    expect([3, 4, 5]).toContain(row.split('|').length - 1);
  }
});

test('what does not hold is open to see, in a box and in bold; reasons stand outside the table', () => {
  const reason = `built anew it is ${hex('5')}`;
  const bad = signatureSet({
    verdict: 'invalid',
    reason: 'layer 0',
    layers: signatureSet().layers.map((layer) => ({ ...layer, verdict: 'invalid' as const, reason })),
  });
  const platforms = [platformVerdict({ verdict: 'invalid', signatures: [bad, signatureSet()] })];
  const summary = renderVerifySummary([verifyReport({ verdict: 'invalid', reason: 'because', platforms })]);
  expect(summary).toContain('> [!CAUTION]\n> **INVALID**: because\n');
  expect(summary.match(/<details open>/g)).toHaveLength(1);
  expect(summary.match(/<details>/g)).toHaveLength(1);
  expect(summary).toContain(`\n- **The layer**: ${reason}\n`);
  expect(summary).toMatch(/^\| 0 \|.*\| \*\*INVALID\*\* \|$/m);
  expect(renderVerifySummary([verifyReport()])).not.toContain('CAUTION');
});

test('stays below its limit, with a note', () => {
  const platforms = Array.from({ length: 50 }, (_, index) =>
    platformVerdict({ platform: `linux/p${index}` }),
  );
  const summary = renderVerifySummary([verifyReport({ platforms })], 10_000);
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(10_000);
  expect(summary).toMatch(/The rest does not fit/);
});

test('shows manifest signatures, the policy and the layers that were not checked, escaped', () => {
  const summary = renderVerifySummary([manifestReport()]);
  for (const text of [
    'mine',
    'audit',
    'a Windows image',
    'covered by the signature of the index',
    'a note',
    'none is attached',
  ]) {
    expect(summary).toContain(text);
  }
  expect(summary).not.toContain('<script>');
  expect(summary).not.toContain('\u001b');
});
