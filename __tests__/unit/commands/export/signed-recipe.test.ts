import { describe, expect, test } from '@jest/globals';
import type { ExportOptions } from '../../../../src/commands/export/options.ts';
import { asSigned } from '../../../../src/commands/export/signed-recipe.ts';
import type { VerifiedPlatform, VerifiedSet } from '../../../../src/commands/verify/verified-image.ts';
import type { KnownClass, LayerFormat, ProfileName } from '../../../../src/model/index.ts';

const DEFAULT = '-T0 --mkfs-time --sort=none';
const DEFLATE = `${DEFAULT} -zdeflate`;
const LZ4 = `${DEFAULT} -zlz4`;

function set(
  mkfsOptions?: string,
  of: KnownClass = 'C',
  profile: ProfileName = 'containerd-cache',
): VerifiedSet {
  const recorded = {
    class: of,
    ...(mkfsOptions === undefined ? {} : { mkfsOptions: mkfsOptions.split(' ') }),
  };
  return { profile, recorded, layers: [] } as unknown as VerifiedSet;
}

const platform = (others: VerifiedSet[], format: LayerFormat = 'tar'): VerifiedPlatform =>
  ({ manifest: { layers: [{ format }] }, sets: [], others }) as unknown as VerifiedPlatform;

function chosen(platforms: VerifiedPlatform[], given: Partial<ExportOptions> = {}): string {
  const options = { image: 'oci:x', builder: 'mkfs', crossCheck: false, ...given } as ExportOptions;
  const { mkfsOptions = 'default', classes } = asSigned(options, platforms);
  return `${mkfsOptions} ${classes?.join()}`;
}

describe('the images of a cache are made as they were signed', () => {
  test.each<[string, VerifiedPlatform[], string]>([
    ['nothing is signed for it', [platform([set(LZ4, 'A', 'containerd')])], 'default C'],
    ['with the default options', [platform([set(DEFAULT, 'A')])], 'default A'],
    ['with others', [platform([set(DEFLATE, 'A')])], `${DEFLATE} A`],
    ['with both', [platform([set(DEFLATE, 'C'), set(DEFAULT, 'A')])], 'default A'],
    ['with unknown ones', [platform([set(undefined, 'B')])], 'default B'],
    ['with those of all platforms', [platform([set(DEFLATE), set(LZ4)]), platform([set(LZ4)])], `${LZ4} C`],
    ['EROFS layers do not count', [platform([set(LZ4)], 'erofs'), platform([set(DEFLATE)])], `${DEFLATE} C`],
  ])('%s', (_, platforms, expected) => {
    expect(chosen(platforms)).toBe(expected);
  });

  test('what is given counts, if it is signed', () => {
    const platforms = [platform([set(DEFLATE), set(LZ4)])];
    expect(chosen(platforms, { mkfsOptions: LZ4, classes: ['A'] })).toBe(`${LZ4} A`);
    expect(() => chosen(platforms, { mkfsOptions: DEFAULT })).toThrow(
      `oci:x is signed for containerd-cache with the mkfs options "${DEFLATE}" and "${LZ4}", not with "${DEFAULT}"`,
    );
  });

  test.each<[string, VerifiedPlatform[]]>([
    ['several sets of options', [platform([set(DEFLATE), set(LZ4)])]],
    ['platforms that differ', [platform([set(DEFLATE)]), platform([set(LZ4)])]],
  ])('%s: one must be chosen', (_, platforms) => {
    expect(() => chosen(platforms)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('recorded options that could write elsewhere are refused', () => {
    expect(() => chosen([platform([set('-T0 --blobdev=/etc/passwd')])])).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });

  test.each([{ builder: 'native' }, { crossCheck: true }] as const)('%j makes no such images', (given) => {
    expect(() => chosen([platform([set(DEFLATE)])], given)).toThrow(
      `"${DEFLATE}", which the native builder does not support`,
    );
  });
});
