import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import { asUser, childAnswer, childArgv, inNamespace, inNamespaceAsRoot } from '../helpers/run-child.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { type Vector, vectors } from '../helpers/vector-image.ts';

const PROFILES: ContainerdProfile[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-test-'));
  // The child may be another user.
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function vector(name: string): Vector {
  const found = vectors().find((candidate) => candidate.name === name);
  if (found === undefined) throw new TypeError(name);
  return found;
}

const simple = vector('simple-gzip');
const wanted = PROFILES.map((profile) => simple.profiles[profile].rootHash);
const job = { blob: simple, profiles: PROFILES };

describe('fault 68: a user other than root', () => {
  test('with user namespaces: the root hashes of the vectors', async () => {
    const answer = await childAnswer(asUser(childArgv({ ...job, temp: join(folder, 'temp') })));
    expect(answer).toMatchObject({ rootHashes: wanted, left: [] });
    expect(answer.uid).not.toBe(0);
    expect(['user-namespace', 'sudo']).toContain(answer.privilege);
  });

  test('without user namespaces and sudo: refused with the reasons', async () => {
    const refusing = join(folder, 'refusing');
    writeFileSync(
      refusing,
      '#!/bin/sh\n# Strict fake: a system that forbids it.\necho "not permitted here" >&2\nexit 1\n',
    );
    chmodSync(refusing, 0o755);
    const forbid = [
      `mount --bind '${refusing}' '${toolPath('unshare')}'`,
      // Whatever the machine has: a sudo of the mapped root is none.
      `if command -v sudo >/dev/null; then mount --bind '${refusing}' "$(command -v sudo)"; fi`,
    ].join('\n');
    const temp = join(folder, 'temp');
    mkdirSync(temp);
    const answer = await childAnswer(inNamespace(folder, forbid, childArgv({ ...job, temp })));
    expect(answer).toMatchObject({ uid: 1001, error: { code: 'environment' }, left: [] });
    expect(answer.rootHashes).toBeUndefined();
    expect(answer.error?.line).toMatch(/uid 1001.*not permitted here.*sudo.*Run as root/);
  });

  test('with sudo alone: the root hashes of the vectors', async () => {
    const refusing = join(folder, 'refusing');
    writeFileSync(refusing, '#!/bin/sh\n# Strict fake: a system that forbids it.\nexit 1\n');
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    // A real sudo needs a setuid file and a configuration in /etc: this one takes what ours is asked for only.
    const sudo = [
      '#!/bin/sh',
      '# Strict fake of sudo: -n --, an environment of its own, another umask.',
      '[ "$1" = -n ] && [ "$2" = -- ] || exit 9',
      'shift 2; umask 0077',
      `export SOURCE_DATE_EPOCH=1; exec '${join(folder, 'unshare')}' --map-root-user -- "$@"`,
    ];
    writeFileSync(join(bin, 'sudo'), `${sudo.join('\n')}\n`);
    for (const file of [refusing, join(bin, 'sudo')]) chmodSync(file, 0o755);
    const setup = `mount --bind '${refusing}' '${toolPath('unshare')}'\nmount --bind '${bin}' /usr/local/sbin`;
    const temp = join(folder, 'temp');
    mkdirSync(temp);
    const answer = await childAnswer(inNamespace(folder, setup, childArgv({ ...job, temp })));
    expect(answer).toEqual({ uid: 1001, privilege: 'sudo', rootHashes: wanted, left: [] });
  });
});

test.each([
  ['as this user', (argv: string[]) => argv],
  ['as a user other than root', asUser],
])('fault 69: an odd environment changes nothing, %s', async (_who, as) => {
  const odd = join(folder, 'odd\n folder');
  mkdirSync(odd);
  chmodSync(odd, 0o777);
  const env = toolEnvironment({
    SOURCE_DATE_EPOCH: '12345',
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    TMPDIR: odd,
    NODE_OPTIONS: '--no-warnings',
    POSIXLY_CORRECT: '1',
    EROFS_UTILS_BUILD_TIME: '1',
  });
  for (const umask of [0o777, 0]) {
    const answer = await childAnswer(as(childArgv({ ...job, umask })), env);
    expect(answer.rootHashes).toEqual(wanted);
    expect(readdirSync(odd)).toEqual([]);
  }
});

test('fault 69: a temporary folder that is not there is refused', async () => {
  const answer = await childAnswer(childArgv(job), toolEnvironment({ TMPDIR: join(folder, 'missing') }));
  expect(answer.error).toMatchObject({ code: 'environment' });
  expect(answer.error?.line).toContain('temp-dir');
});

test.each(PROFILES)('fault 24: disk full while converting, profile %s', async (profile) => {
  const temp = join(folder, 'small');
  mkdirSync(temp);
  const mount = `mount -t tmpfs -o size=512k none '${temp}'`;
  const job = { blob: vector('threelevels-gzip'), profiles: [profile], temp };
  const answer = await childAnswer(inNamespaceAsRoot(mount, childArgv(job)));
  expect(answer).toMatchObject({ error: { code: 'environment' }, rootHashes: [], left: [] });
  expect(answer.error?.line).toContain('no space left');
  expect(answer.error?.line).toContain('temp-dir');
});
