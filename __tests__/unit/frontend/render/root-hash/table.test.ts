import { expect, test } from '@jest/globals';
import { rootHashTable } from '../../../../../src/frontend/render/root-hash/table.ts';
import { REPORT_HEAD } from '../../../../../src/report/tool.ts';
import { digest, hex } from '../../../../helpers/reports.ts';

test('one line a layer and profile, aligned', () => {
  const entry = {
    ...REPORT_HEAD,
    source: 'a',
    digest: digest('a'),
    diffId: digest('b'),
    mediaType: 'x',
    profile: 'containerd' as const,
    uuid: 'u',
    imageSha256: hex('c'),
    imageSize: 8192,
    rootHash: hex('d'),
  };
  const lines = rootHashTable([
    entry,
    { ...entry, source: 'longer\u001b[31m', profile: 'containerd-tar-index' },
  ])
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(new RegExp(`^a +containerd +${digest('a')} +8\\.2 kB +${hex('d')}$`));
  expect(lines[2]).not.toContain('\u001b');
  expect(lines[1]?.indexOf('containerd')).toBe(lines[0]?.indexOf('profile'));
});
