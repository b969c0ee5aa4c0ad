import { expect, test } from '@jest/globals';
import { textWidth } from '../../../../../src/frontend/render/text-width.ts';
import { verifyTable } from '../../../../../src/frontend/render/verify/table.ts';
import type { PlatformVerdict, SignatureSetReport } from '../../../../../src/report/verify-report.ts';
import { digest, hex } from '../../../../helpers/reports.ts';
import {
  HOSTILE,
  manifestReport,
  notTrusted,
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
    'manifest signature: none (not required)',
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

test('a layer whose root hash was not recomputed is not called verified', () => {
  const layers = signatureSet().layers;
  const recomputed = layers.map((layer) => ({ ...layer, recomputedRootHash: layer.rootHash }));
  const table = (set: SignatureSetReport): string =>
    verifyTable(verifyReport({ platforms: [platformVerdict({ signatures: [set] })] }));
  expect(table(signatureSet({ layers }))).toMatch(/layer 0 .* signature holds$/m);
  expect(table(signatureSet({ layers: recomputed }))).toMatch(/layer 0 .* root hash recomputed$/m);
});

test('one reason of all layers and platforms is said once, in the last line', () => {
  const table = verifyTable(notTrusted());
  expect(table.match(/does not lead to/g)).toHaveLength(1);
  expect(table).toMatch(
    /\nNOT TRUSTED \(.*\): linux\/amd64, linux\/arm64: profile containerd: every layer: the certificate does not lead to/,
  );
  expect(table).toMatch(/layer 2 .* NOT TRUSTED$/m);
});

test('that nobody asked for manifest signatures is not shouted; that one is required is', () => {
  const manifestSignature = { verdict: 'not-signed', reason: 'none there' } as const;
  const table = (changes: Partial<PlatformVerdict>): string =>
    verifyTable(verifyReport({ platforms: [platformVerdict({ manifestSignature, ...changes })] }));
  expect(table({})).toContain('manifest signature: none (not required)\n');
  expect(table({ verdict: 'invalid', reason: 'layers' })).toContain('manifest signature: none\n');
  expect(table({ verdict: 'not-signed', reason: 'none there' })).toContain(
    'manifest signature: NOT SIGNED: none there\n',
  );
});

test.each([40, 80, 103, 160])('fits into %i columns, with verdict and short digests', (columns) => {
  for (const report of [verifyReport(), manifestReport(), notTrusted()]) {
    const lines = verifyTable(report, columns).trimEnd().split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    const table = lines.join(' ').replaceAll(/\s+/g, ' ');
    expect(table).toMatch(/sha256:[0-9a-f]{12}/);
    expect(table).toContain(columns < 160 ? `${hex('d').slice(0, 12)}` : hex('d'));
  }
});
