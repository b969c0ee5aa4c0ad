import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

const TRUST = ['--trusted-certificate', '/root.pem'];
const parse = (...args: string[]) => parseCommandLine([...args, ...TRUST], {});

describe.each(['export', 'fetch'])('%s', (command) => {
  test('takes the last word for the folder', () => {
    const parsed = parse(command, 'oci:a', 'registry.example/b:1', '/cache');
    expect(parsed).toMatchObject({ command, images: ['oci:a', 'registry.example/b:1'] });
    const options =
      'exporting' in parsed ? parsed.exporting : 'fetching' in parsed ? parsed.fetching : undefined;
    expect(options).toMatchObject({ folder: '/cache', recompute: false, profiles: ['containerd'] });
  });

  test.each([
    ['no word', [], 'is not given'],
    ['an image alone', ['oci:a'], 'is an image and not'],
    ['a folder alone', ['/cache'], 'image'],
    ['images only', ['oci:a', 'docker://b'], 'is an image and not'],
  ])('refuses %s', (_what, words, message) => {
    expect(() => parse(command, ...words)).toThrow(message);
  });

  test('needs somebody to trust, and has no recompute', () => {
    expect(() => parseCommandLine([command, 'oci:a', '/cache'], {})).toThrow('trusted-certificate');
    expect(() => parse(command, 'oci:a', '/cache', '--recompute')).toThrow('recompute');
  });
});

test('fetch refuses --run without --open, and folders with control characters', () => {
  expect(() => parse('fetch', 'oci:a', '/x', '--run')).toThrow(
    'option --run has no effect without option --open',
  );
  expect(() => parse('fetch', 'oci:a', '/x\n', '--open', '/y')).toThrow('control characters');
  expect(parse('fetch', 'oci:a', '/x', '--open', '/y', '--run')).toMatchObject({
    fetching: { open: '/y', run: true },
  });
});

test('export takes one class', () => {
  expect(() => parse('export', 'oci:a', '/x', '--erofs-utils-version', 'A,B')).toThrow(
    'one image of each layer',
  );
});
