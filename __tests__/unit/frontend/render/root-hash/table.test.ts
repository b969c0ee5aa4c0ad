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

test('fits into 80 columns by short digests, and cuts a long source in its middle', () => {
  const entry = {
    ...REPORT_HEAD,
    source: 'registry.example/some/very/long/path/of/an/image:1.0',
    digest: digest('a'),
    diffId: digest('b'),
    mediaType: 'x',
    profile: 'containerd' as const,
    class: 'C' as const,
    uuid: 'u',
    imageSize: 8192,
    rootHash: hex('d'),
  };
  const lines = rootHashTable([entry], 80).trimEnd().split('\n');
  expect(lines).toEqual([
    'source             profile       layer digest          EROFS size  root hash',
    `registry…mage:1.0  containerd C  sha256:aaaaaaaaaaaa…  8.2 kB      dddddddddddd…`,
  ]);
  expect(rootHashTable([entry], 200)).toContain(`${entry.source}  containerd C  sha256:aaaaaaaaaaaa…`);
  expect(rootHashTable([entry], 200)).toContain(hex('d'));
});
