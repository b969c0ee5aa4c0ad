import { describe, expect, test } from '@jest/globals';
import { encodeJob, type Job } from '../../../../../src/commands/preflight/vm/job.ts';

const NOTHING: Job = {
  modules: [],
  policies: [],
  layers: [],
  network: false,
  list: false,
  program: undefined,
  tamper: undefined,
};

/** The strings before the zeros that fill the last sector. */
function strings(disk: Buffer): string[] {
  expect(disk.length % 512).toBe(0);
  const end = disk.lastIndexOf('end\0') + 'end\0'.length;
  expect(disk.subarray(end).every((byte) => byte === 0)).toBe(true);
  return disk
    .subarray(0, end - 1)
    .toString()
    .split('\0');
}

test('a job of nothing', () => {
  expect(strings(encodeJob(NOTHING))).toEqual(['version', '1', 'network', '0', 'list', '0', 'end']);
});

test('every record, in the order in which the guest expects them', () => {
  const job: Job = {
    modules: [
      { path: '/modules/loop.ko', parameters: '' },
      { path: '/modules/dm_verity.ko', parameters: 'require_signatures=1' },
    ],
    policies: [{ name: 'preflight', pkcs7: Uint8Array.of(1, 255) }],
    layers: [
      { number: 0, serial: 'layer-000', hashOffset: 4096, rootHash: 'ab', pkcs7: Uint8Array.of(2) },
      { number: 1, serial: 'layer-001', hashOffset: 8192, rootHash: 'cd', pkcs7: undefined },
    ],
    network: true,
    list: true,
    program: {
      arguments: ['/bin/sh', '-c', '', 'é\n"'],
      environment: ['A=1', 'B='],
      user: '1000:1000',
      directory: '/srv',
      limits: { time: 60, alive: 10 },
      health: { interval: 30, timeout: 5, startPeriod: 0, retries: 3, check: ['/check', '--all'] },
    },
    tamper: 1,
  };
  expect(strings(encodeJob(job))).toEqual([
    ...['version', '1'],
    ...['module', '/modules/loop.ko', '', 'module', '/modules/dm_verity.ko', 'require_signatures=1'],
    ...['policy', 'preflight', '01ff'],
    ...['layer', '0', 'layer-000', '4096', 'ab', '02', 'layer', '1', 'layer-001', '8192', 'cd', ''],
    ...['network', '1', 'list', '1'],
    ...['argument', '/bin/sh', 'argument', '-c', 'argument', '', 'argument', 'é\n"'],
    ...['environment', 'A=1', 'environment', 'B=', 'user', '1000:1000', 'directory', '/srv'],
    ...['limits', '60', '10', 'health', '30', '5', '0', '3', 'check', '/check', 'check', '--all'],
    ...['tamper', '1', 'end'],
  ]);
});

describe('values that would become others', () => {
  const program = {
    arguments: ['/a'],
    environment: [],
    user: '',
    directory: '/',
    limits: { time: 1, alive: 0 },
    health: undefined,
  };

  test.each([
    ['argument', { ...program, arguments: ['/a\0end'] }],
    ['environment', { ...program, environment: ['A=\0tamper'] }],
    ['user', { ...program, user: '0\0' }],
    ['directory', { ...program, directory: '/\0x' }],
  ])('a NUL in %s is refused', (keyword, hostile) => {
    expect(() => encodeJob({ ...NOTHING, program: hostile })).toThrow(
      expect.objectContaining({ code: 'image', message: `a value of "${keyword}" contains a NUL character` }),
    );
  });

  test.each([-1, 0.5, Number.NaN, 1e300])('the number %p', (time) => {
    const limits = { time, alive: 0 };
    expect(() => encodeJob({ ...NOTHING, program: { ...program, limits } })).toThrow(TypeError);
  });
});
