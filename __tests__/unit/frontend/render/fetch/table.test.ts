import { describe, expect, test } from '@jest/globals';
import { fetchTable } from '../../../../../src/frontend/render/fetch/table.ts';
import type { FetchReport } from '../../../../../src/report/node/fetch-report.ts';

type Layers = (FetchReport['open'] & object)['layers'];
const LAYER: Layers[number] = {
  ...{ rootHash: 'ab'.repeat(32), path: '/cache/a.erofs', hashOffset: 4096 },
  ...{ device: 'verity-sign-abababababab', state: 'opened', command: 'veritysetup open a' },
};

function linesOf(layers?: Layers): string[] {
  const table = fetchTable({
    ...{ schemaVersion: 1, tool: { name: 'verity-sign', version: '0' }, folder: '/signatures' },
    image: { reference: 'oci:x', name: 'oci:x', digest: `sha256:${'0'.repeat(64)}`, mediaType: 'x' },
    verifiedProfiles: ['containerd'],
    signatures: [{ rootHash: LAYER.rootHash, path: '/signatures/a.p7s' }],
    ...(layers === undefined ? {} : { open: { folder: '/cache', layers } }),
  });
  return table.trimEnd().split('\n');
}

describe('the table of fetch', () => {
  const saysForWhom = (lines: readonly string[]): boolean =>
    lines.some((line) => line.startsWith('containerd uses none of these devices: it opens its own'));

  test.each(['opened', 'already open', 'not opened'] as const)(
    '%s: says that containerd does not use it',
    (state) => {
      expect(saysForWhom(linesOf([{ ...LAYER, state }]))).toBe(true);
    },
  );

  test('says it of devices only', () => {
    expect(saysForWhom(linesOf([]))).toBe(false);
    expect(saysForWhom(linesOf())).toBe(false);
  });

  test('has a command as a line of its own', () => {
    expect(linesOf([{ ...LAYER, state: 'not opened' }]).at(-1)).toBe('veritysetup open a');
  });
});
