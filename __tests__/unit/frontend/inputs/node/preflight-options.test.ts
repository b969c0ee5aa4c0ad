import { describe, expect, test } from '@jest/globals';
import type { RawValues } from '../../../../../src/frontend/inputs/catalog.ts';
import {
  preflightOfSigning,
  preflightOptions,
} from '../../../../../src/frontend/inputs/node/preflight-options.ts';
import { SecretStore } from '../../../../../src/frontend/inputs/secrets.ts';
import { signingOptions } from '../../../../../src/frontend/inputs/signing-options.ts';
import type { Dialect } from '../../../../../src/frontend/inputs/values.ts';

const dialect: Dialect = {
  label: (name) => `option --${name}`,
  literalPassword: false,
  secrets: new SecretStore({}),
};
const TRUST = { 'trusted-certificate': 'root.pem' };
const parsed = (raw: RawValues) => preflightOptions({ ...TRUST, ...raw }, dialect);

test('defaults: no network, a minute, a gibibyte, a program that must end', () => {
  expect(parsed({})).toMatchObject({
    profiles: ['containerd'],
    platforms: [],
    healthcheck: false,
    timeLimit: 60_000,
    static: false,
    allowDenials: false,
    memory: 2 ** 30,
    network: false,
    accelerator: 'auto',
    trustedCertificates: ['root.pem'],
  });
  expect(parsed({})).not.toHaveProperty('alive');
  expect(parsed({})).not.toHaveProperty('command');
});

test('the command is split into words', () => {
  expect(parsed({ command: `nginx -g 'daemon off;'` }).command).toEqual(['nginx', '-g', 'daemon off;']);
  expect(() => parsed({ command: `nginx -g 'daemon off;` })).toThrow(
    /^option --command has an unfinished quote/,
  );
});

test.each([
  'linux/amd64',
  'linux/x86_64',
  'linux/amd64/v2',
  'linux(+erofs)/amd64',
  'linux/arm64',
  'linux/arm64/v8',
])('the VM runs images of %s', (platform) => {
  expect(parsed({ platform }).platforms).toEqual([platform]);
});

test('a kernel comes with its modules', () => {
  expect(parsed({ kernel: '/boot/vmlinuz', modules: '/lib/modules/6.12' }).kernel).toEqual({
    image: '/boot/vmlinuz',
    modules: '/lib/modules/6.12',
  });
});

test.each([
  [{ 'trusted-certificate': '' }, /--trusted-certificate is missing/],
  [{ profile: 'containerd,containerd-cache' }, /--profile lists 2 values/],
  [{ platform: 'linux/amd64,linux/arm64' }, /--platform lists 2 values/],
  [
    { platform: 'linux/arm/v7' },
    /--platform: the VM of preflight runs images of linux\/amd64 and linux\/arm64, not of linux\/arm\/v7/,
  ],
  [{ platform: 'windows/amd64' }, /--platform: the VM of preflight runs .* not of windows\/amd64/],
  [{ static: 'true', alive: '1s' }, /--alive and option --static contradict/],
  [{ static: 'true', command: 'true' }, /--command and option --static contradict/],
  [{ static: 'true', healthcheck: 'true' }, /--healthcheck and option --static contradict/],
  [{ static: 'true', 'allow-denials': 'true' }, /--allow-denials and option --static contradict/],
  [{ healthcheck: 'true', alive: '1s' }, /--alive and option --healthcheck contradict/],
  [{ alive: '60s' }, /--alive: 60s is not less than option --time-limit \(60s\)/],
  [{ alive: '10s', 'time-limit': '5s' }, /--alive: 10s is not less than option --time-limit \(5s\)/],
  [{ memory: '64MiB' }, /--memory: 64MiB is too little/],
  [{ kernel: '/boot/vmlinuz' }, /--kernel is given without option --modules/],
  [{ modules: '/lib/modules' }, /--modules is given without option --kernel/],
  [{ accel: 'xen' }, /--accel: "xen" is not one of auto, kvm, tcg/],
] satisfies [RawValues, RegExp][])('%j is refused', (raw, expected) => {
  expect(() => parsed(raw)).toThrow(expected);
});

describe('signing', () => {
  const OFF = { 'preflight-time-limit': '60s', 'preflight-accel': 'auto', 'preflight-static': 'false' };

  test('takes the same with a prefix, if it is asked for', () => {
    const raw = { preflight: 'true', 'preflight-command': 'app --check', 'preflight-alive': '5s' };
    expect(preflightOfSigning(raw, dialect)).toMatchObject({
      command: ['app', '--check'],
      alive: 5000,
      timeLimit: 60_000,
      network: false,
      trustedCertificates: [],
    });
    expect(preflightOfSigning({}, dialect)).toBeUndefined();
  });

  test('an Action gives the defaults of all its inputs', () => {
    expect(preflightOfSigning({ preflight: 'false', ...OFF }, dialect)).toBeUndefined();
    expect(() => preflightOfSigning({ ...OFF, 'preflight-alive': '5s' }, dialect)).toThrow(
      /--preflight-alive has no effect without option --preflight/,
    );
  });

  test.each([
    [{ 'dry-run': 'true' }, /--preflight has no effect in a dry run/],
    [{ layers: 'none', 'manifest-signature': 'jws' }, /--preflight has no effect with layers none/],
  ] satisfies [RawValues, RegExp][])('refuses it with %j', (raw, expected) => {
    const all = { key: 'awskms:///alias/release', preflight: 'true', ...raw };
    expect(() => signingOptions(all, dialect)).toThrow(expected);
  });
});
