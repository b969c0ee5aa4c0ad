import { describe, expect, test } from '@jest/globals';
import { kitReadme } from '../../../../src/commands/node-kit/readme.ts';

function readmeOf(image: string, subject: string, hasBase = true): string {
  return kitReadme({
    images: [image],
    profile: 'containerd',
    classes: ['C'],
    policy: { name: 'app', version: '1.0.0', hasBase },
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

test('runc must be one that IPE allows, where IPE allows it', () => {
  const part = readmeOf('oci:app', 'CN=a').split('## 3. runc can run')[1]?.split('\n## ')[0] ?? '';
  expect(part.replaceAll(/\s+/g, ' ')).toContain(
    'lies on a dm-verity device whose root hash the policy names',
  );
  expect(part).toMatch(/runc 1\.1 and crun 1\.8\s+execute a copy in memory instead, which IPE denies/);
  expect(part).toContain('runc in an initramfs starts no container');
  expect(part).toContain('`runc --version` prints 1.5 or later');
});

test('a policy without the rules of the node is no policy for a node', () => {
  expect(readmeOf('oci:app', 'CN=a', true)).not.toContain('Make the kit again');
  const warning = lineOf(readmeOf('oci:app', 'CN=a', false), 'Make the kit again');
  expect(warning).toContain('`--base`: the rules must name the device of containerd and runc');
});
