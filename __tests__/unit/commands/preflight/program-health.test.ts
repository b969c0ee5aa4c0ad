import { expect, test } from '@jest/globals';
import { programOf } from '../../../../src/commands/preflight/program.ts';
import { encodeJob } from '../../../../src/commands/preflight/vm/job.ts';
import { type ContainerSettings, parseContainerSettings } from '../../../../src/oci/image-config.ts';

const SETTINGS = {
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
  const program = programOf(configured({ Test: ['CMD', '/bin/check'], ...times }), SETTINGS);
  const { interval, timeout, startPeriod, retries } = program?.health ?? {};
  expect([interval, timeout, startPeriod, retries]).toEqual(expected);
  const job = { modules: [], certificates: [], policies: [], layers: [], network: false, list: false };
  expect(() => encodeJob({ ...job, program, tamper: undefined })).not.toThrow();
});

test.each([[['NONE']], [['CMD']], [['CMD-SHELL']], [[]]])('%j is no health check', (Test) => {
  expect(() => programOf(configured({ Test }), SETTINGS)).toThrow('has no health check');
});
