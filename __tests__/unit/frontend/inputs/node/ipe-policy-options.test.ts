import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

const MAKING = ['--name', 'app', '--out', 'dir', '--key', 'env://KEY'];

function parse(...more: string[]) {
  const args = ['ipe-policy', 'oci:layout', '--trusted-certificate', 'root.pem', ...more];
  const parsed = parseCommandLine(args, { PASSPHRASE: 'secret', KEY: 'pem' });
  if (parsed.command !== 'ipe-policy') throw new Error('another command');
  return parsed.options;
}

describe('ipe-policy', () => {
  test('makes a policy with the version of the time', () => {
    expect(
      parse(...MAKING, '--certificate', 'chain.pem', '--key-passphrase', 'env://PASSPHRASE'),
    ).toMatchObject({
      kind: 'make',
      images: ['oci:layout'],
      name: 'app',
      out: 'dir',
      key: 'env://KEY',
      keyPassphrase: 'env://PASSPHRASE',
      certificate: 'chain.pem',
      pushTo: [],
      version: [expect.any(Number), expect.any(Number), expect.any(Number)],
      verifying: { trustedCertificates: ['root.pem'], recompute: true, layers: 'required' },
    });
  });

  test('takes a version, a base and tags', () => {
    const more = [
      '--policy-version',
      '1.0.65535',
      '--base',
      'node.ipe',
      '--push-to',
      'r.example/p:1,r.example/p:2',
    ];
    expect(parse(...MAKING, ...more)).toMatchObject({
      version: [1, 0, 65_535],
      base: 'node.ipe',
      pushTo: ['r.example/p:1', 'r.example/p:2'],
    });
  });

  test('checks a policy without key, name and folder', () => {
    const options = parse('--check', 'app.p7b', '--recompute=false');
    expect(options).toMatchObject({ kind: 'check', check: 'app.p7b', images: ['oci:layout'] });
    expect(options.verifying.recompute).toBe(false);
  });

  test.each([
    [['--out', 'dir', '--key', 'env://KEY'], 'option --name is missing'],
    [['--name', 'app', '--key', 'env://KEY'], 'option --out is missing'],
    [['--name', 'app', '--out', 'dir'], 'option --key is missing'],
    [[...MAKING, '--policy-version', '1.2'], 'option --policy-version: the policy has the version "1.2"'],
    [
      [...MAKING, '--policy-version', '70000.0.0'],
      'option --policy-version: the policy has 70000 in its version',
    ],
    [[...MAKING, '--layers', 'none'], 'option --layers none leaves no root hashes'],
    [[...MAKING, '--plugin-config', 'a=b'], 'option --plugin-config has no effect'],
    [
      ['--check', 'app.p7b', '--policy-version', 'auto'],
      'option --policy-version has no effect with option --check',
    ],
    [['--check', 'app.p7b', '--key', 'env://KEY'], 'option --key has no effect with option --check'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });

  test.each(['App', 'a/b', '..', 'a_b', 'a b', 'ä', 'x'.repeat(101)])('refuses the name %j', (name) => {
    const args = ['--name', name, '--out', 'dir', '--key', 'env://KEY'];
    expect(() => parse(...args)).toThrow(/^option --name: ".*" is not a name of a policy$/);
  });

  test('needs trust, as verify does', () => {
    expect(() => parseCommandLine(['ipe-policy', 'oci:layout', ...MAKING], { KEY: 'pem' })).toThrow(
      /neither option --trusted-certificate nor/,
    );
  });
});
