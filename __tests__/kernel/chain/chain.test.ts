import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DENIED } from '../dropped.ts';
import { root } from '../root.ts';
import { updatePage, withoutVersions } from '../table.ts';
import { type ChainRun, IMAGES, runChain } from './setup.ts';
import { renderChain } from './table.ts';

let folder: string;
let run: ChainRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-chain-'));
  run = await runChain(folder);
});

afterAll(() => root(['rm', '-rf', folder]));

const outcome = (key: string): string | undefined => run.report.outcome(key);
const ofAll = (what: string) => Object.fromEntries(IMAGES.map((name) => [name, what]));

describe('the node', () => {
  test('demands no signatures of devices, and enforces', () => {
    expect([outcome('require_signatures'), outcome('ipe_enforce')]).toEqual(['N', '1']);
    expect([outcome('policy/chain'), outcome('activate/chain')]).toEqual([
      expect.stringMatching(/^OK \d+$/),
      expect.stringMatching(/^OK \d+$/),
    ]);
  });

  test('runs its container runtime from the disk that the policy names, and only from there', () => {
    expect(outcome('chain/runtime/mount')).toBe('OK');
    expect(outcome('chain/before-policy')).toBe('EACCES');
    expect(outcome('chain/under-policy')).toMatch(/^OK runc version 1\.5\./);
    expect(outcome('chain/version')).toMatch(/^OK containerd \S+ v?2\.4\./);
    expect([outcome('chain/in-memory'), outcome('chain/on-tmpfs')]).toEqual(['EACCES', 'EACCES']);
  });

  test('starts no container by a runc of the initramfs, because what it seals is on an overlayfs', () => {
    expect(outcome('chain/in-initramfs')).toBe(outcome('chain/under-policy'));
    expect(outcome('chain/differ/run/runc-in-initramfs')).toMatch(
      /^exit:1 .*unable to start init: .*: permission denied$/,
    );
    expect(run.report.console).toMatch(/ipe_op=EXECUTE .* comm="runc" path="\/runc" dev="overlay"/);
  });
});

describe('images that the node converts', () => {
  test('are imported, with the root hashes that dist signed', () => {
    expect(run.report.outcomes('chain/differ/import/')).toEqual(ofAll('OK'));
    const recorded = Object.entries(run.report.outcomes('chain/differ/recorded/'))
      .sort(([one], [other]) => Number(one) - Number(other))
      .map(([, sidecar]) => (JSON.parse(sidecar) as { roothash: string }).roothash);
    expect(recorded).toHaveLength(2 * IMAGES.length);
    expect(recorded).toEqual(run.rootHashes);
  });

  test('in containers by the shim and runc: the listed image runs', () => {
    expect(outcome('chain/differ/run/app')).toBe('exit:0 greet: original');
  });

  test('what was dropped or copied up is denied, and so is an image that is not listed', () => {
    expect(outcome('chain/differ/run/dropped')).toBe('exit:126 sh: /tmp/greet: Permission denied');
    expect(outcome('chain/differ/run/copied-up')).toBe('exit:126 sh: /usr/bin/greet: Permission denied');
    expect(outcome('chain/differ/run/other')).toBe('exit:255 exec /usr/bin/greet: permission denied');
  });

  test('a changed byte is not read', () => {
    expect(outcome('chain/differ/alter')).toBe('0');
    expect(outcome('chain/differ/run/altered')).toBe('exit:1 cat: read error: Input/output error');
  });
});

describe('images of the layer cache that export wrote', () => {
  test('are imported by a node that has no mkfs.erofs, and nothing is converted', () => {
    expect(run.report.outcomes('chain/cache/import/')).toEqual(ofAll('OK'));
    expect(run.report.outcomes('chain/cache/recorded/')).toEqual({});
  });

  test('in containers by the shim and runc: the listed image runs, the other is denied', () => {
    expect(outcome('chain/cache/run/app')).toBe('exit:0 greet: original');
    expect(outcome('chain/cache/run/other')).toBe('exit:255 exec /usr/bin/greet: permission denied');
  });
});

describe.each(['differ', 'cache'])('mounted by ctr: %s', (way) => {
  test('the listed image runs, what was dropped or copied up is denied', () => {
    expect(run.report.outcomes(`chain/${way}/mount/`)).toEqual(ofAll('OK'));
    expect(outcome(`chain/${way}/read/app`)).toBe('OK');
    expect(outcome(`chain/${way}/exec/app`)).toBe('OK greet: original');
    expect(run.report.outcomes(`drop/${way}-app/`)).toEqual(DENIED);
  });

  test('an image that is not listed is read, and denied', () => {
    expect([outcome(`chain/${way}/read/other`), outcome(`chain/${way}/exec/other`)]).toEqual([
      'OK',
      'EACCES',
    ]);
  });

  test('a changed byte fails, once that file is read', () => {
    expect(outcome(`chain/${way}/read/altered`)).toBe('EIO');
    expect(outcome(`chain/${way}/exec/altered`)).toBe('signal:SIGBUS');
  });
});

test('each denial is in the audit log, with the rule that denied it', () => {
  const denied = run.report.console.split('\n').filter((line) => line.includes('ipe_op=EXECUTE'));
  const by = (comm: string, path: string) =>
    expect.stringMatching(`comm="${comm}" path="${path}" .*rule="DEFAULT op=EXECUTE action=DENY"`);
  expect(denied).toContainEqual(by('busybox', '/tmp/greet'));
  expect(denied).toContainEqual(by('busybox', '/usr/bin/greet'));
  expect(denied).toContainEqual(by('runc:\\[2:INIT\\]', '/usr/bin/greet'));
});

test('docs/kernel.md has the outcomes of this run', async () => {
  const { committed, now } = await updatePage('chain', renderChain(run));
  expect(now).not.toMatch(/\| nothing +\|/);
  // Elsewhere the page is just brought up to date.
  const expected = process.env.CI ? committed : now;
  expect(withoutVersions(now)).toBe(withoutVersions(expected));
});
