import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FormatError } from '../../src/formats/format-error.ts';
import { parsePolicy } from '../../src/formats/ipe/parse.ts';
import { DENIED } from './dropped.ts';
import { GRAMMAR, STRICTER } from './grammar.ts';
import { type PolicyRun, runPolicies } from './policies.ts';
import { root } from './root.ts';

let folder: string;
let run: PolicyRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-policy-'));
  run = await runPolicies(folder);
});

afterAll(() => root(['rm', '-rf', folder]));

const outcome = (key: string): string | undefined => run.report.outcome(key);

test('the guest demands no signatures, and enforces', () => {
  expect([outcome('require_signatures'), outcome('ipe_enforce')]).toEqual(['N', '1']);
});

test("the policy names the root hashes of containerd's files", () => {
  for (const rootHash of run.rootHashes) {
    expect(run.text).toContain(`op=EXECUTE dmverity_roothash=sha256:${rootHash} action=ALLOW\n`);
  }
});

describe('devices without signatures, as containerd opens them', () => {
  test('open, but their programs run only once the policy is active', () => {
    expect(run.report.outcomes('open/app/')).toEqual({ '00': 'OK', '01': 'OK' });
    expect(outcome('own/before/greet')).toBe('EACCES');
    expect(outcome('policy/first')).toMatch(/^OK \d+$/);
    expect(outcome('own/loaded/greet')).toBe('EACCES');
    expect(outcome('activate/first')).toMatch(/^OK \d+$/);
    expect(outcome('own/enforced/greet')).toBe('OK greet: original');
    expect(outcome('own/enforced/busybox')).toBe('OK runs');
  });

  test('code that was dropped does not run', () => {
    expect(run.report.outcomes('drop/enforced/')).toEqual(DENIED);
  });

  test('a program of an image that no policy names does not run', () => {
    expect(run.report.outcomes('open/other/')).toEqual({ '00': 'OK', '01': 'OK' });
    expect(outcome('container/other')).toBe('OK');
    expect(outcome('own/other/greet')).toBe('EACCES');
  });

  test('a layer that was changed does not run, with its hash tree or another', () => {
    const tampered = (variant: string) => run.report.outcomes(`tampered/${variant}/`);
    expect(tampered('intact')).toEqual({ open: 'OK', mount: 'OK', read: 'OK', run: 'OK greet: original' });
    expect(tampered('modified')).toEqual({ open: 'OK', mount: 'OK', read: 'EIO', run: 'signal:SIGBUS' });
    expect(tampered('new-tree-unsigned')).toEqual({ open: 'OK', mount: 'OK', read: 'OK', run: 'EACCES' });
    expect(tampered('no-verity')).toEqual({ mount: 'OK', read: 'OK', run: 'EACCES' });
  });

  test('the denial is in the audit log, with the rule that denied it', () => {
    const denied = run.report.console.split('\n').filter((line) => line.includes('ipe_op=EXECUTE'));
    expect(denied).toContainEqual(
      expect.stringMatching(/\/dropped\/busybox".*rule="DEFAULT op=EXECUTE action=DENY"/),
    );
  });
});

describe('policies that the kernel refuses', () => {
  test('one by an unknown signer', () => {
    expect(outcome('policy/rogue')).toBe('ENOKEY');
  });

  test('an older version, and the loaded one, of the same policy', () => {
    expect(outcome('policy/older')).toBe('ESTALE');
    expect(outcome('policy/same')).toBe('ESTALE');
    expect(outcome('policy/newer')).toMatch(/^OK \d+$/);
  });

  test('activation of another policy with an older version', () => {
    expect(outcome('policy/another-older')).toMatch(/^OK \d+$/);
    expect(outcome('activate/another-older')).toBe('EINVAL');
  });

  test('one of more than 65,535 bytes, so none has 10,000 root hashes', () => {
    expect(run.sizes.largest).toBeLessThanOrEqual(65_535);
    expect(run.sizes.largest).toBeGreaterThan(65_535 - 8 * 114);
    expect(run.sizes['one-more']).toBeGreaterThan(65_535);
    expect(outcome('policy/one-more')).toBe('EMSGSIZE');
    expect(outcome('policy/ten-thousand')).toBe('EMSGSIZE');
  });
});

describe('the grammar', () => {
  const isRead = (text: string): boolean => {
    try {
      parsePolicy(Buffer.from(text, 'latin1'));
      return true;
    } catch (error) {
      if (error instanceof FormatError) return false;
      throw error;
    }
  };
  const byKernel = (name: string): string | undefined =>
    outcome(`policy/grammar-${name}`)?.replace(/ .*/, '');

  test.each(Object.entries(GRAMMAR))('%s: the kernel and this program agree', (name, text) => {
    expect(byKernel(name)).toMatch(isRead(text) ? /^OK$/ : /^(EBADMSG|EINVAL|ERANGE)$/);
  });

  test('has cases of both kinds', () => {
    const accepted = Object.values(GRAMMAR).filter(isRead);
    expect(accepted.length).toBeGreaterThan(12);
    expect(Object.keys(GRAMMAR).length - accepted.length).toBeGreaterThan(30);
  });

  test.each(Object.entries(STRICTER))('%s: the kernel accepts a digest that never matches', (name, text) => {
    expect([byKernel(name), isRead(text)]).toEqual(['OK', false]);
  });
});

test('a policy of the largest size is loaded and works', () => {
  expect(outcome('policy/largest')).toMatch(/^OK \d+$/);
  expect(outcome('activate/largest')).toMatch(/^OK \d+$/);
  expect(outcome('own/largest/greet')).toBe('OK greet: original');
});
