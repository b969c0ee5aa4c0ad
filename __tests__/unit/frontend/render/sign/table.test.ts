import { expect, test } from '@jest/globals';
import { signTable } from '../../../../../src/frontend/render/sign/table.ts';
import { textWidth } from '../../../../../src/frontend/render/text-width.ts';
import {
  artifact,
  digest,
  dryRun,
  hex,
  layer,
  manifestSignature,
  report,
} from '../../../../helpers/reports.ts';

test('manifest signatures, and images whose layers are not signed', () => {
  const manifest = { mediaType: 'x', digest: digest('3'), size: 5 };
  const table = signTable(
    report({
      layersLeftOut: [{ platform: 'windows/amd64', manifest, reason: 'Windows image' }],
      manifestSignatures: [
        manifestSignature({ platform: 'windows/amd64', manifest, timestamped: true }),
        manifestSignature({ format: 'cose', expiry: '2026-01-01T00:00:00.000Z' }),
      ],
    }),
  );
  expect(table).toContain('windows/amd64: layers are not signed: Windows image');
  expect(table).toMatch(new RegExp(`windows/amd64 +${digest('3')} +jws, timestamped +${digest('7')}`));
  expect(table).toMatch(
    new RegExp(`index +${digest('9')} +cose, until 2026-01-01T00:00:00.000Z +${digest('7')}`),
  );
});

test('whole digests, the referrer, and what is not signed', () => {
  const table = signTable(
    report({
      artifacts: [
        artifact({
          referrer: { digest: digest('2'), size: 1, reused: true },
          skippedLayers: [{ index: 1, digest: digest('7'), mediaType: 'x', reason: 'foreign' }],
        }),
      ],
      skipped: [{ digest: digest('8'), platform: 'unknown/unknown', mediaType: 'x', reason: 'attestation' }],
    }),
  );
  for (const text of [digest('9'), digest('a'), hex('d'), `${digest('2')} (already attached)`, hex('f')]) {
    expect(table).toContain(text);
  }
  expect(table).toContain('layer 1 is not signed: foreign');
  expect(table).toContain(`skipped ${digest('8')} (unknown/unknown): attestation`);
  expect(table).toMatch(/^layers signed and attached; configuration not covered \(3\.2 s\)$/m);
});

test('a dry run says so', () => {
  expect(signTable(dryRun())).toMatch(
    /none \(dry run\)[\s\S]*^dry run done \(3\.2 s\): nothing was signed or attached$/m,
  );
});

test.each([40, 80, 103, 160])('fits into %i columns', (columns) => {
  const layers = Array.from({ length: 28 }, (_, index) => layer(index));
  const done = report({
    artifacts: [artifact({ layers })],
    manifestSignatures: [manifestSignature({ expiry: '2026-01-01T00:00:00.000Z', timestamped: true })],
    pushedTo: [{ reference: `registry.example/${'long/'.repeat(40)}app:1.0`, digest: digest('9') }],
  });
  const lines = signTable(done, columns).trimEnd().split('\n');
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
  const text = lines.join(' ').replaceAll(/ +/g, ' ');
  expect(text).toMatch(
    columns < 160 ? /layer 27:? sha256:a{12}…,? 81\.2 MB/ : /layer 27 sha256:a{64} 81\.2 MB d{64}/,
  );
  expect(text).toContain('jws, until 2026-01-01T00:00:00.000Z, timestamped');
});
