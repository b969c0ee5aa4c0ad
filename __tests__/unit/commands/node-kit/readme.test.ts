import { describe, expect, test } from '@jest/globals';
import { kitReadme } from '../../../../src/commands/node-kit/readme.ts';

function readmeOf(image: string, subject: string): string {
  return kitReadme({
    images: [image],
    profile: 'containerd',
    classes: ['C'],
    policy: { name: 'app', version: '1.0.0', hasBase: true },
    certificates: [{ subject, vouchesFor: 'layers', path: 'certificates/a.der', der: new Uint8Array() }],
    rootHashes: 1,
  });
}

const lineOf = (readme: string, part: string): string | undefined =>
  readme.split('\n').find((line) => line.includes(part));

describe('names of others in the README of a kit', () => {
  test.each([
    ['oci:app', '- `oci:app`'],
    ['oci:a`b|<b>', '- `` oci:a`b|<b> ``'],
    ['oci:`` ` ```', '- ```` oci:`` ` ``` ````'],
    ['oci:a\n# Run this', '- `oci:a # Run this`'],
    ['oci:a\u202eb\u2028c', '- `oci:a b c`'],
  ])('image %j is one span of code', (image, line) => {
    expect(lineOf(readmeOf(image, 'CN=a'), 'oci:')).toBe(line);
  });

  test.each([
    ['CN=a', '| `CN=a` | layers | `certificates/a.der` |'],
    ['CN=a` | <b>', '| `` CN=a` \\| <b> `` | layers | `certificates/a.der` |'],
  ])('subject %j is one cell', (subject, line) => {
    expect(lineOf(readmeOf('oci:app', subject), 'CN=')).toBe(line);
  });
});
