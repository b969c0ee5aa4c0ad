import { expect, test } from '@jest/globals';
import { renderVerifySummary } from '../../../../../src/frontend/render/verify/summary.ts';
import type { VerifyReport } from '../../../../../src/report/verify-report.ts';
import { digest, hex } from '../../../../helpers/reports.ts';
import {
  HOSTILE,
  manifestReport,
  notTrusted,
  platformVerdict,
  signatureSet,
  verifyReport,
} from '../../../../helpers/verify-reports.ts';

/** The summary without character references. */
function plain(reports: readonly VerifyReport[]): string {
  return renderVerifySummary(reports).replaceAll(/&#(\d+);/g, (_none, code) =>
    String.fromCodePoint(Number(code)),
  );
}

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
  expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
    expect([3, 4, 5]).toContain(row.split('|').length - 1);
  }
});

test('what does not hold is open to see, in a box and in bold; reasons stand outside the table', () => {
  const reason = `built anew it is ${hex('5')}`;
  const bad = signatureSet({
    verdict: 'invalid',
    reason: `layer 0: ${reason}`,
    layers: signatureSet().layers.map((layer) => ({ ...layer, verdict: 'invalid' as const, reason })),
  });
  const platforms = [platformVerdict({ verdict: 'invalid', signatures: [bad, signatureSet()] })];
  const summary = renderVerifySummary([verifyReport({ verdict: 'invalid', reason: 'because', platforms })]);
  expect(summary).toContain('### ❌ Invalid: ');
  expect(summary).toContain('> [!CAUTION]\n> **INVALID**: because\n');
  expect(summary.match(/<details open>/g)).toHaveLength(1);
  expect(summary).toContain(`\n- **layer 0**: ${reason}\n`);
  expect(summary).toMatch(/^\| 0 \|.*\| \*\*INVALID\*\* \|$/m);
  expect(renderVerifySummary([verifyReport()])).not.toMatch(/CAUTION|<details open>/);
});

test('the head of a verified image is green and says who signed; nothing is shouted', () => {
  const manifestSignature = { verdict: 'not-signed', reason: 'none there' } as const;
  const platforms = [platformVerdict({ manifestSignature })];
  const summary = plain([verifyReport({ platforms, configurationCovered: false })]);
  const [title, , verdict] = summary.split('\n');
  expect(title).toBe('### ✅ Layers verified: registry.example/app:1.0');
  expect(verdict).toBe('**layers verified; configuration not covered**, signed by **CN=Test signer**');
  expect(summary).toContain('Manifest signature: none (not required)');
  expect(summary.replaceAll(/<code>.*?<\/code>/g, '')).not.toMatch(/\b(NOT|INVALID|COULD)\b/);
});

test('one reason of all layers and platforms is said once, for which layers', () => {
  const summary = plain([notTrusted()]);
  expect(summary.match(/does not lead to/g)).toHaveLength(1);
  expect(summary).toContain(
    '> **NOT TRUSTED**: linux/amd64, linux/arm64: profile containerd: every layer: the certificate',
  );
  expect(summary.match(/<details open><summary>❌ NOT TRUSTED/g)).toHaveLength(2);
});

test('a required signature that is missing has a line of its own', () => {
  const profile = {
    profile: 'containerd-cache',
    verdict: 'not-signed',
    reason: 'only for containerd',
  } as const;
  const platforms = [platformVerdict({ verdict: 'not-signed', profiles: [profile] })];
  const summary = plain([verifyReport({ verdict: 'not-signed', reason: 'x', platforms })]);
  expect(summary).toContain('Profile <code>containerd-cache</code>: **NOT SIGNED**: only for containerd');
});

test('the fold of a set says whether its root hashes were recomputed', () => {
  const [layer] = signatureSet().layers;
  if (layer === undefined) throw new Error('no layer');
  const layers = Array.from({ length: 28 }, (_, index) => ({ ...layer, index }));
  const titles = (changed: typeof layers): string[] => {
    const platforms = [platformVerdict({ signatures: [signatureSet({ layers: changed })] })];
    const summary = plain([verifyReport({ platforms })]);
    return [...summary.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, title]) => title ?? '');
  };
  expect(titles(layers)).toEqual([
    '✅ verified: profile containerd, 28 layers, signatures hold',
    '28 layers',
    'Full digests and root hashes',
  ]);
  expect(titles(layers.map((one) => ({ ...one, recomputedRootHash: one.rootHash })))[0]).toMatch(
    /28 layers, root hashes recomputed$/,
  );
  expect(titles(layers.slice(0, 15))).not.toContain('15 layers');
});

test('several images begin with an overview', () => {
  const summary = renderVerifySummary([verifyReport(), notTrusted()]);
  expect(summary).toMatch(/^### ❌ 1 of 2 images verified\n/);
  expect(summary).toMatch(/^\| <code>\S+<\/code> \| ✅ verified \| CN=Test signer \|$/m);
  expect(summary).toMatch(/^\| <code>\S+<\/code> \| ❌ NOT TRUSTED \| {2}\|$/m);
  expect(renderVerifySummary([verifyReport(), verifyReport()])).toMatch(/^### ✅ 2 of 2 images verified\n/);
});

test.each([1, 20])('%i images of 3000 layers stay below the limit of GitHub', (images) => {
  const [layer] = signatureSet().layers;
  if (layer === undefined) throw new Error('no layer');
  const layers = Array.from({ length: 3000 }, (_, index) => ({ ...layer, index }));
  const one = verifyReport({ platforms: [platformVerdict({ signatures: [signatureSet({ layers })] })] });
  const summary = renderVerifySummary(Array.from({ length: images }, () => one));
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024 - 64 * 1024);
  expect(summary).toContain('2000 more layers are listed in the JSON report');
  expect(summary.match(/<details/g)?.length).toBe(summary.match(/<\/details>/g)?.length);
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
  const summary = plain([manifestReport()]);
  for (const text of [
    'mine',
    'audit',
    'a Windows image',
    'covered by the signature of the index',
    'a note',
    'Manifest signature: none (not required)',
  ]) {
    expect(summary).toContain(text);
  }
  expect(renderVerifySummary([manifestReport()])).not.toContain('<img');
  expect(summary).not.toContain('\u001b');
});
