import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { parseCommandLine } from '../../../helpers/command-line.ts';

describe('sign', () => {
  test('takes images, repeated and separated lists, and flags', () => {
    const env = { KEY: 'pem', STAYS: '1' };
    const args =
      'sign a:1 b:2 --key env://KEY --certificate c.pem --platform linux/amd64,linux/arm64 --platform linux/arm/v7 --plain-http --annotations a=1,2 --annotations b=3 --report r.json';
    const invocation = parseCommandLine(args.split(' '), env);
    expect(invocation).toMatchObject({
      command: 'sign',
      images: ['a:1', 'b:2'],
      output: { json: false, report: 'r.json', log: 'normal' },
      secrets: { KEY: 'pem' },
      signing: {
        key: 'env://KEY',
        certificate: 'c.pem',
        dryRun: false,
        platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
        registry: { plainHttp: true },
        annotations: { a: '1,2', b: '3' },
      },
    });
    expect(env).toEqual({ STAYS: '1' });
  });

  test('an option may begin with a hyphen', () => {
    const mkfsOptions = '-T0 --mkfs-time --sort=none';
    const invocation = parseCommandLine(['sign', 'x', '--dry-run', '--mkfs-options', mkfsOptions], {});
    expect(invocation).toMatchObject({ signing: { mkfsOptions, dryRun: true } });
  });

  test.each([
    [['--mkfs-options', '-T0 -zlz4'], 'not supported by the native builder'],
    [
      ['--builder', 'mkfs', '--profile', 'containerd-tar-index', '--mkfs-options', '-T0 -zlz4'],
      'cannot compress',
    ],
  ])('%j: mkfs-options that cannot work are refused before any work', (args, message) => {
    expect(() => parseCommandLine(['sign', 'x', '--dry-run', ...args], {})).toThrow(message);
  });
});

test('root-hash needs no key and prints JSON', () => {
  expect(
    parseCommandLine(['root-hash', 'a', 'b', '--json', '--profile', 'containerd-cache'], {}),
  ).toMatchObject({
    command: 'root-hash',
    output: { json: true, log: 'normal' },
    options: { sources: ['a', 'b'], profiles: ['containerd-cache'], timeout: 300_000 },
  });
});

describe('usage errors', () => {
  test.each<[string, string]>([
    ['', 'no command is given'],
    ['frobnicate', "unknown command 'frobnicate'"],
    ['help sing', "unknown command 'sing'"],
    ['csr --recompute', "unknown option '--recompute'"],
    ['doctor a b', "too many arguments for 'doctor'. Expected 1 argument but got 2: a, b"],
    ['sign', "missing required argument 'image'"],
    ['sign x', 'option --key is missing'],
    ['sign x --dry-run --timeout soon', 'option --timeout: "soon"'],
    ['sign x --bogus', "unknown option '--bogus'"],
    ['root-hash x --key k', "unknown option '--key'"],
    [
      'sign x --dry-run --registry-username u --registry-password hunter2',
      'option --registry-password: there is no such file',
    ],
    ['sign x --dry-run --install=false', "unknown option '--install=false'"],
    [
      'sign oci:a oci:b --dry-run --push-to r.example/a:1',
      'option --push-to accepts one image, but 2 are given',
    ],
  ])('verity-sign %s', (line, message) => {
    let error: unknown;
    try {
      parseCommandLine(line.split(' ').filter(Boolean), {});
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(VeritySignError);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
    expect((error as VeritySignError).toLine()).not.toContain('hunter2');
  });
});

test('help and version are shown, not run', () => {
  expect(parseCommandLine(['--version'], {})).toEqual({ command: 'show', text: '0.1.0\n' });
  for (const args of [['--help'], ['sign', '--help'], ['help', 'root-hash']]) {
    const invocation = parseCommandLine(args, {});
    expect(invocation).toMatchObject({
      command: 'show',
      text: expect.stringContaining('Usage: verity-sign'),
    });
    expect(invocation).toMatchObject({
      text: expect.stringMatching(/Exit status:\n(.*\n)*\s+130 {2}stopped by a signal/),
    });
  }
});

describe('help fits into the terminal', () => {
  const width = (args: string[], columns?: number): number => {
    const invocation = parseCommandLine([...args, '--help'], {}, columns);
    if (invocation.command !== 'show') throw new Error('no help');
    return Math.max(...invocation.text.split('\n').map((line) => line.length));
  };

  test.each([[], ['sign'], ['verify'], ['inspect'], ['root-hash']].map((args) => [args]))('%j', (args) => {
    // Without a terminal, or in a narrow one, 80 columns are assumed.
    expect(width(args)).toBeLessThanOrEqual(80);
    expect(width(args, 40)).toBe(width(args));
    expect(width(args, 300)).toBeLessThanOrEqual(100);
  });

  test('a wider terminal is used', () => {
    expect(width(['sign'], 100)).toBeGreaterThan(80);
  });
});
