import { describe, expect, test } from '@jest/globals';
import { expectation, programOf } from '../../../../src/commands/preflight/program.ts';
import { encodeJob } from '../../../../src/commands/preflight/vm/job.ts';
import type { PreflightSettings } from '../../../../src/commands/shared/preflight-settings.ts';
import { type ContainerSettings, parseContainerSettings } from '../../../../src/oci/image-config.ts';

const SECOND = 1e9;
const SETTINGS: PreflightSettings = {
  healthcheck: false,
  timeLimit: 60_000,
  static: false,
  allowDenials: false,
  memory: 2 ** 30,
  network: false,
  accelerator: 'auto',
  trustedCertificates: [],
};

function settings(config: object): ContainerSettings {
  const image = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, config };
  return parseContainerSettings(Buffer.from(JSON.stringify(image)));
}

test('entrypoint and command, as a runtime joins them', () => {
  const config = settings({ Entrypoint: ['/entry.sh'], Cmd: ['serve', '-v'], Env: ['A=1'], User: '1000:0' });
  expect(programOf(config, { ...SETTINGS, alive: 9500 })).toEqual({
    arguments: ['/entry.sh', 'serve', '-v'],
    environment: ['A=1'],
    user: '1000:0',
    directory: '/',
    limits: { time: 60, alive: 10 },
    health: undefined,
  });
});

test('a command of the user takes the place of both, and a PATH of the image stays', () => {
  const config = settings({
    Entrypoint: ['/entry.sh'],
    Cmd: ['serve'],
    Env: ['PATH=/app'],
    WorkingDir: '/srv',
  });
  expect(programOf(config, { ...SETTINGS, command: ['nginx', '-t'] })).toMatchObject({
    arguments: ['nginx', '-t'],
    environment: ['PATH=/app'],
    directory: '/srv',
  });
});

test('an image without a program can only be looked at', () => {
  const config = settings({});
  expect(() => programOf(config, SETTINGS)).toThrow(/neither entrypoint nor command/);
  expect(programOf(config, { ...SETTINGS, static: true })).toBeUndefined();
});

describe('the health check', () => {
  const health = (Healthcheck: object, more: object = {}) =>
    programOf(settings({ Cmd: ['app'], Healthcheck, ...more }), { ...SETTINGS, healthcheck: true })?.health;

  test('has the defaults of docker, and is tried more often for as long', () => {
    expect(health({ Test: ['CMD', 'curl', '-f', 'localhost'] })).toEqual({
      interval: 2,
      timeout: 30,
      startPeriod: 0,
      retries: 45,
      check: ['curl', '-f', 'localhost'],
    });
  });

  test('keeps shorter times', () => {
    const times = { Interval: SECOND, Timeout: 3 * SECOND, StartPeriod: 5 * SECOND, Retries: 4 };
    expect(health({ Test: ['CMD', 'x'], ...times })).toMatchObject({
      interval: 1,
      timeout: 3,
      startPeriod: 5,
      retries: 4,
    });
  });

  test('runs a text in the shell of the image', () => {
    expect(health({ Test: ['CMD-SHELL', 'a && b'] })?.check).toEqual(['/bin/sh', '-c', 'a && b']);
    const shell = { Shell: ['/bin/bash', '-ec'] };
    expect(health({ Test: ['CMD-SHELL', 'a && b'] }, shell)?.check).toEqual(['/bin/bash', '-ec', 'a && b']);
  });

  test.each([[{}], [{ Test: [] }], [{ Test: ['NONE'] }], [{ Test: ['CMD'] }]])('%j is none', (given) => {
    expect(() => health(given)).toThrow(/has no health check/);
  });
});

test('what counts as success, in words', () => {
  const config = settings({ Cmd: ['app'], Healthcheck: { Test: ['CMD', 'x'] } });
  const words = (more: Partial<PreflightSettings>): string | undefined => {
    const program = programOf(config, { ...SETTINGS, ...more });
    return program && expectation(program);
  };
  expect(words({})).toBe('exit status 0 within 60 s');
  expect(words({ alive: 5000 })).toBe('exit status 0, or alive after 5 s');
  expect(words({ healthcheck: true })).toBe('healthy within 60 s');
});

const WITH_HEALTH_CHECK = {
  healthcheck: true,
  timeLimit: 60_000,
  static: false,
  allowDenials: false,
  memory: 2 ** 30,
  network: false,
  accelerator: 'tcg',
  trustedCertificates: [],
} as const;

function configured(Healthcheck: object): ContainerSettings {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
    config: { Cmd: ['/bin/app'], Healthcheck },
  };
  return parseContainerSettings(Buffer.from(JSON.stringify(config)));
}

test.each([
  ['negative times', { Interval: -1, Timeout: -1, StartPeriod: -1, Retries: -1 }, [2, 30, 0, 45]],
  [
    'times and tries of centuries',
    {
      Interval: Number.MAX_SAFE_INTEGER,
      Timeout: Number.MAX_SAFE_INTEGER,
      StartPeriod: Number.MAX_SAFE_INTEGER,
      Retries: Number.MAX_SAFE_INTEGER,
    },
    [2, 86_400, 86_400, 1_000_000],
  ],
  ['times below a second', { Interval: 1, Timeout: 1, StartPeriod: 1, Retries: 1 }, [1, 1, 1, 1]],
])('a health check with %s is a job that the guest can read', (_what, times, expected) => {
  const program = programOf(configured({ Test: ['CMD', '/bin/check'], ...times }), WITH_HEALTH_CHECK);
  const { interval, timeout, startPeriod, retries } = program?.health ?? {};
  expect([interval, timeout, startPeriod, retries]).toEqual(expected);
  const job = { modules: [], policies: [], layers: [], network: false, list: false };
  expect(() => encodeJob({ ...job, program, tamper: undefined })).not.toThrow();
});

test.each([[['NONE']], [['CMD']], [['CMD-SHELL']], [[]]])('%j is no health check', (Test) => {
  expect(() => programOf(configured({ Test }), WITH_HEALTH_CHECK)).toThrow('has no health check');
});
