import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
} from '../../src/model/profiles.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/nodes.md'), 'utf8');

describe('docs/nodes.md', () => {
  const rows = [...page.matchAll(/^\| (.*?) +\| (\d+\.\d+\.\d+) +\|/gm)].map(([, use, first]) => [
    use,
    first,
  ]);

  test.each([
    ['profile `containerd`', FIRST_CONTAINERD.containerd],
    ['profile `containerd-tar-index`', FIRST_CONTAINERD['containerd-tar-index']],
    [
      'profile `containerd-cache` (`build-erofs-cache`, `layer_content_caches`)',
      FIRST_CONTAINERD['containerd-cache'],
    ],
    ['dm-verity (`enable_dmverity`, `dmverity_mode`)', FIRST_VERITY_CONTAINERD],
    [
      'profile `containerd` on nodes with pages of 16 or 64 KiB, such as some arm64 ones',
      FIRST_LARGE_PAGES_CONTAINERD,
    ],
  ])('%s: the first containerd is that of the report and the summary', (use, first) => {
    expect(rows).toContainEqual([use, first]);
  });

  test('says how to find an fsmeta.erofs, which is mounted without dm-verity', () => {
    expect(page).toMatch(/`fsmeta\.erofs`[^.]* without dm-verity/);
    expect(page).toContain('snapshots/*/fsmeta.erofs');
  });
});
