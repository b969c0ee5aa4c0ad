import { expect, test } from '@jest/globals';
import { inspectTable } from '../../../../../src/frontend/render/inspect/table.ts';
import { REPORT_HEAD } from '../../../../../src/report/tool.ts';
import { digest } from '../../../../helpers/reports.ts';

test('the table of inspect shows what is broken as broken', () => {
  const table = inspectTable({
    ...REPORT_HEAD,
    image: { reference: 'x', name: `x@${digest('9')}`, digest: digest('9'), mediaType: 'm' },
    platforms: [
      {
        manifest: { mediaType: 'm', digest: digest('1'), size: 1 },
        layers: 2,
        manifestSignatures: [],
        signatures: [
          { referrer: digest('2'), broken: 'not JSON', signers: [], layers: [] },
          {
            referrer: digest('3'),
            profile: 'odd\u001b[31m\n    signed by CN=Somebody else',
            created: '2026-01-01T00:00:00Z',
            signers: [],
            layers: [{ signatureDigest: digest('4'), broken: 'no DER' }],
          },
        ],
      },
    ],
    skipped: [],
  });
  expect(table).toContain(`referrer ${digest('2')}: BROKEN: not JSON`);
  expect(table).toMatch(/entry 0 +\(no layer\) +\(no root hash\) +BROKEN\n +entry 0: no DER\n/);
  expect(table).not.toContain('\u001b');
  expect(table).toContain('    profile odd\\u001b[31m\\u000a    signed by CN=Somebody else\n');
  expect(table).not.toMatch(/^ *signed by/m);
  expect(table).toContain(', 2 layers: 2 dm-verity referrers\n');
});
