import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMkfsOptions } from '../../../../src/convert/erofs/mkfs/mkfs-options.ts';
import { mkfsArguments, mkfsOptionsFor, PROFILES } from '../../../../src/convert/erofs/profile.ts';
import { layerUuid, TARDEV_UUID } from '../../../../src/convert/erofs/uuid.ts';
import { VeritySignError } from '../../../../src/errors.ts';
import { vectors } from '../../../helpers/vector-image.ts';

describe('profiles', () => {
  test('arguments are those of containerd', () => {
    const full = '--tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U X';
    for (const profile of ['containerd', 'containerd-cache'] as const) {
      expect(mkfsArguments(profile, mkfsOptionsFor(profile, undefined), 'X').join(' ')).toBe(full);
    }
    const index = mkfsOptionsFor('containerd-tar-index', undefined);
    expect(mkfsArguments('containerd-tar-index', index, 'X').join(' ')).toBe(
      '--tar=i --aufs --quiet -b4096 -T0 --mkfs-time -U X',
    );
  });

  test('arguments are those of tardev-snapshotter', () => {
    expect(mkfsArguments('tardev', mkfsOptionsFor('tardev', undefined), TARDEV_UUID).join(' ')).toBe(
      '--tar=i --aufs --quiet -T0 --mkfs-time -U c1b9d5a2-f162-11cf-9ece-0020afc76f16',
    );
  });

  test('options of the user take the place of the defaults', () => {
    expect(mkfsOptionsFor('containerd', '-T1 --all-root')).toEqual(['-T1', '--all-root']);
  });

  test('UUIDs and block sizes of all vectors', () => {
    for (const vector of vectors()) {
      for (const profile of Object.values(PROFILES)) {
        const { name, uuidSource } = profile;
        if (name === 'tardev' || uuidSource === 'fixed') continue;
        const wanted = vector.profiles[name];
        expect(layerUuid(vector[uuidSource])).toBe(wanted.uuid);
        expect(profile.blockSize).toBe(wanted.blockSize);
      }
    }
  });
});

describe('parseMkfsOptions', () => {
  test('splits at blanks, without quotes or shell', () => {
    expect(parseMkfsOptions('  -T0 --exclude-path $(id);x\t-z lz4hc,9\n')).toEqual([
      '-T0',
      '--exclude-path',
      '$(id);x',
      '-z',
      'lz4hc,9',
    ]);
  });

  test.each([
    ['-U', 'cannot be set here'],
    ['-Uabc', 'cannot be set here'],
    ['-b512', 'cannot be set here'],
    ['-V', 'cannot be set here'],
    ['-', 'no.*option'],
    ['--', 'cannot be set here'],
    ['--tar=i', 'cannot be set here'],
    ['--ta=i', 'cannot be set here'],
    ['--t', 'cannot be set here'],
    ['--offset=4096', 'cannot be set here'],
    ['--blobdev=/tmp/x', 'cannot be set here'],
    ['--incremental', 'cannot be set here'],
    ['/tmp/out.erofs', 'is not an option'],
    ['--mkfs-time out.erofs', 'is not an option'],
    ['--sort', 'lacks its argument'],
  ])('refuses %s', (option, reason) => {
    let error: unknown;
    try {
      parseMkfsOptions(`-T0 ${option}`);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(VeritySignError);
    expect(error).toMatchObject({ code: 'usage' });
    expect((error as Error).message).toMatch(new RegExp(reason));
  });

  test('refuses options without a build time', () => {
    expect(() => parseMkfsOptions('--mkfs-time --sort=none')).toThrow('another root hash');
    expect(() => parseMkfsOptions('')).toThrow('another root hash');
  });

  test('property: either a usage error or words without blanks, never a word that sets UUID or output', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^-{0,2}[a-zA-Z]{0,3}[ =]?[a-z/0-9]{0,3}$/)), (parts) => {
        let words: string[];
        try {
          words = parseMkfsOptions(`-T0 ${parts.join(' ')}`);
        } catch (error) {
          expect(error).toBeInstanceOf(VeritySignError);
          return;
        }
        expect(words.every((word) => word !== '' && !/\s/.test(word))).toBe(true);
        expect(words.filter((word) => /^-[UbVh]/.test(word))).toEqual(
          words.filter((word, at) => /^-[UbVh]/.test(word) && /^(-.|--[^=]+)$/.test(words[at - 1] ?? '')),
        );
      }),
    );
  });
});
