import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { isNewEnough } from '../../../scripts/tools/go.ts';
import { isWanted, testsNeedTools } from '../../../scripts/tools/setup/needed.ts';
import { reportStep } from '../../../scripts/tools/setup/progress.ts';
import { packagesIn } from '../../../scripts/tools/setup/unpack.ts';
import { TOOL_LIST } from '../../../scripts/tools/tool-list.ts';
import { run } from '../../../src/lib/process/run.ts';

test.each([
  ['go1.20.14', false],
  ['go1.21', true],
  ['go1.21rc2', true],
  ['go1.26.10', true],
  ['go2.0', true],
  ['devel', false],
  ['', false],
])('Go %s can fetch a newer one: %s', (version, is) => {
  expect(isNewEnough(version)).toBe(is);
});

test.each([
  [[], true],
  [['__tests__/unit'], false],
  [['./__tests__/unit/lib', '__tests__/unit/errors.test.ts', '--json'], false],
  [['__tests__/unit/../integration'], true],
  [['__tests__/unit', 'integration/oras'], true],
  [['-t', 'unit'], true],
  [['__tests__/units'], true],
])('tests of %j need tools: %s', (args, need) => {
  expect(testsNeedTools(args)).toBe(need);
});

describe('the tools of', () => {
  const names = (scope: 'all' | 'demo' | 'kernel', debian = true) =>
    TOOL_LIST.filter((tool) => isWanted(tool, scope, { debian })).map(({ name }) => name);

  test('the kernel tests are all; other tests need no runc and no shim', () => {
    expect(names('kernel')).toEqual(TOOL_LIST.map(({ name }) => name));
    const all = names('all');
    const only = names('kernel').filter((name) => !all.includes(name));
    expect(only).toEqual(['containerd-shim-runc-v2', 'runc']);
    expect(names('all', false)).toEqual(names('all'));
  });

  test('the demo are few, and fewer where there is no archive of Debian', () => {
    expect(names('demo')).toEqual(['oras', 'erofs-utils', 'docker-registry']);
    expect(names('demo', false)).toEqual(['oras', 'erofs-utils']);
  });
});

test('packages in what apt prints, with their versions', () => {
  const printed = [
    'Reading package lists...',
    "'http://mirror.test/debian/pool/main/j/jq/jq_1.6-2.1_amd64.deb' jq_1.6-2.1_amd64.deb 64920 SHA256:00",
    "'http://mirror.test/debian/pool/main/libo/libonig/libonig5_6.9.8-1_amd64.deb' libonig5_6.9.8-1_amd64.deb 1 SHA256:00",
    "'http://mirror.test/debian/pool/c/cryptsetup-bin_2.6.1-4%7edeb12u2_amd64.deb' cryptsetup-bin_2%3a2.6.1-4%7edeb12u2_amd64.deb 1 SHA256:00",
  ];
  expect(packagesIn(printed.join('\n'))).toEqual([
    'jq=1.6-2.1',
    'libonig5=6.9.8-1',
    'cryptsetup-bin=2:2.6.1-4~deb12u2',
  ]);
});

describe('a step', () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('is told with its name before and after', async () => {
    await reportStep('1/2 oras', () => Promise.resolve());
    expect(lines.map((line) => line.replace(/^ *\d+ s {2}/, ''))).toEqual(['1/2 oras …', '1/2 oras done']);
  });

  test('that runs out of time is named, and that it continues', async () => {
    const slow = () => run(['sleep', '600'], { env: { PATH: '/usr/bin:/bin' }, timeout: 50 });
    await expect(reportStep('1/2 oras', () => slow().then(() => undefined))).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/^1\/2 oras ran out of time/),
      remedy: expect.stringContaining('it continues with this step'),
    });
  });

  test('that fails keeps its error', async () => {
    await expect(reportStep('x', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
