import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { KERNEL_ARGUMENTS } from '../../src/commands/node-kit/readme.ts';
import { compressionIn } from '../../src/convert/erofs/mkfs/mkfs-options.ts';
import { PROFILES } from '../../src/convert/erofs/profile.ts';
import { recipesFor } from '../../src/convert/erofs/recipe.ts';
import { inputOf } from '../../src/frontend/inputs/catalog.ts';
import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
} from '../../src/model/profiles.ts';
import { CONFIGURE } from '../../src/tools/install/erofs-utils-release.ts';
import { SUPPORTED_EROFS_UTILS, unsupportedErofsUtils } from '../../src/tools/versions.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/nodes.md'), 'utf8');

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

  test('the versions of the first table', () => {
    const versions = [...page.matchAll(/^\| (containerd|erofs-utils) +\| (.*?) +\|/gm)].map(
      ([, what, of]) => [what, of],
    );
    expect(versions).toEqual([
      ['containerd', `${FIRST_LARGE_PAGES_CONTAINERD} or later`],
      ['erofs-utils', SUPPORTED_EROFS_UTILS],
    ]);
    expect(unsupportedErofsUtils('1.9.0')).toBe('divergent');
  });

  test('the settings have the default options of each profile', () => {
    const { containerd, 'containerd-cache': cache, 'containerd-tar-index': index } = PROFILES;
    expect(page).toContain(
      `mkfs_options = ${JSON.stringify(containerd.defaultOptions).replaceAll(',', ', ')}`,
    );
    expect(page).toContain(
      `build-erofs-cache --dmverity --mkfs-options "${cache.defaultOptions.join(' ')}" IMAGE`,
    );
    const omitted = containerd.defaultOptions.filter((option) => !index.defaultOptions.includes(option));
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      `For the profile \`containerd-tar-index\`, add \`enable_tar_index = true\` to the differ and omit \`${omitted.join(' ')}\``,
    );
  });

  test('Kata Containers: the default options make what it makes', () => {
    const text = page.split('### Kata Containers')[1]?.split('###')[0]?.replaceAll(/\s+/g, ' ');
    expect(text).toContain('exactly the settings of the default profile');
    expect(text).toContain(`erofs-utils ${SUPPORTED_EROFS_UTILS}:`);
    expect(inputOf('profile', 'sign')).toMatchObject({ default: 'containerd' });
    expect(unsupportedErofsUtils('1.8.2')).toBe('too-old');
  });

  describe('compressed images', () => {
    const part = page.split('### Compressed images')[1]?.split('\n### ')[0] ?? '';
    const mkfsOptions = /^mkfs-options: (.*)$/m.exec(part)?.[1] ?? '';
    const given = { profiles: ['containerd-cache'], builder: 'mkfs', mkfsOptions } as const;

    test('the example is accepted, and its options compress', () => {
      expect(part).toMatch(/^profile: containerd-cache\nbuilder: mkfs\n/m);
      expect(compressionIn(recipesFor(given)[0]?.mkfsOptions ?? [])).toBe('-zlz4');
    });

    test.each([
      ['`builder: native` (the default)', { ...given, builder: 'native' }],
      ['`cross-check: true`', { ...given, crossCheck: true }],
      ['profile `containerd-tar-index`', { ...given, profiles: ['containerd-tar-index'] }],
    ] as const)('%s is refused, as the table says', (what, options) => {
      expect(part).toMatch(new RegExp(`^\\| ${what.replaceAll(/[()]/g, '\\$&')} +\\| refused: `, 'm'));
      expect(() => recipesFor(options)).toThrow(expect.objectContaining({ code: 'usage' }));
    });

    test('the mkfs.erofs that the Action builds has no compressor that needs a library', () => {
      expect(part).toContain('has `deflate` only');
      const off = ['--disable-lz4', '--disable-lzma', '--without-libdeflate', '--without-libzstd'];
      expect(CONFIGURE).toEqual(expect.arrayContaining(off));
    });
  });

  test('says how to find an fsmeta.erofs, which is mounted without dm-verity', () => {
    expect(page).toMatch(/`fsmeta\.erofs`[^.]* without dm-verity/);
    expect(page).toContain('snapshots/*/fsmeta.erofs');
  });
});

/** containerd opens its own devices without signatures, so a kernel that requires them starts none of its containers. */
describe('require_signatures=1 is for no node with containerd', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const paragraphs = pages.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split(/\n\s*\n|\n(?=\s*(?:- |\d+\. ))/)
      .map((text) => ({ path, text: text.replaceAll(/\s+/g, ' ') }))
      .filter(({ text }) => text.includes('require_signatures=1')),
  );

  test.each(paragraphs)('$path says so where it names it', ({ path, text }) => {
    // The VM opens the layers itself.
    if (path === 'docs/preflight.md') expect(text).toContain('boots a kernel');
    else expect(text).toMatch(/containerd .*(?:passes no signatures|, without signatures)/);
  });

  test('the paragraphs are found', () => {
    const found = paragraphs.map(({ path }) => path);
    expect(found).toEqual(expect.arrayContaining(['docs/fetch.md', 'docs/kernel.md', 'docs/nodes.md']));
  });

  test('docs/nodes.md has the arguments of the kit', () => {
    expect(page).toContain(`\n${KERNEL_ARGUMENTS}\n`);
    expect(KERNEL_ARGUMENTS).toContain('dm_verity.require_signatures=0');
  });
});
