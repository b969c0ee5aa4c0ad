import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ownMark } from '../../src/lib/leftovers/process-mark.ts';
import { run } from '../../src/lib/process/run.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const pristine = join(folder, 'pristine');
let files: LeafFiles;

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  mkdirSync(pristine);
  await writeVectorImage(pristine, ['big-gzip', 'many-gzip', 'simple-gzip', 'dirs-gzip']);
});

/** A fresh layout, an archive of it and a folder for temporary files. */
async function place(): Promise<{ layout: string; archive: string; temp: string; all: string }> {
  const all = mkdtempSync(join(folder, 'case-'));
  const [layout, temp] = [join(all, 'layout'), join(all, 'temp')];
  const archive = join(all, 'archive', 'image.tar');
  cpSync(pristine, layout, { recursive: true });
  mkdirSync(temp);
  mkdirSync(join(all, 'archive'));
  await run(['tar', '-cf', archive, '-C', layout, '.'], { env: toolEnvironment() });
  return { layout, archive, temp, all };
}

const signArgs = (image: string, temp: string): string[] => [
  ...['sign', image, '--key', files.keyPath, '--certificate', files.fullChainPath],
  ...['--builder', 'native', '--manifest-signature', 'jws', '--temp-dir', temp],
];

/** Starts a run and ends it by force after so many milliseconds, unless it is over by then. */
async function killed(args: string[], delay: number, prefix: string[] = []): Promise<number | null> {
  let over = false;
  const onStart = (pid: number): void => {
    void sleep(delay).then(() => {
      if (!over) process.kill(pid, 'SIGKILL');
    });
  };
  const { status } = await cli(args, { onStart, prefix });
  over = true;
  return status;
}

/** Names of leftovers below a folder. */
function leftovers(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.partial$|\.lock$|verity-sign-[^/]*$/.test(name),
  );
}

const inNamespace = (): string[] => [
  ...[toolPath('unshare'), '--map-root-user', '--pid', '--mount', '--fork', '--kill-child', '--mount-proc'],
  '--',
];

/** The mark of a process of this machine, boot and namespace that has ended: its number was given again. */
function deadMark(): string {
  const [boot, namespace] = ownMark().split('-');
  return [boot, namespace, process.pid, 1].join('-');
}
const ELSEWHERE = `${'a'.repeat(16)}-1-1-1`;

function hoursAgo(path: string, hours: number): void {
  const time = Date.now() / 1000 - hours * 3600;
  utimesSync(path, time, time);
}

describe('fault 86: what a killed run leaves', () => {
  test.each([100, 150, 200, 250, 400, 550, 700, 1000])(
    'SIGKILL after %i ms: the next run removes it',
    async (delay) => {
      const { layout, archive, temp, all } = await place();
      await killed(signArgs(`oci:${layout}`, temp), delay);
      await cliOk(signArgs(`oci:${layout}`, temp));
      expect(leftovers(all)).toEqual([]);
      await killed(signArgs(`oci-archive:${archive}`, temp), delay);
      await cliOk(signArgs(`oci-archive:${archive}`, temp));
      expect(leftovers(all)).toEqual([]);
    },
  );

  test('SIGKILL in another PID namespace: kept for a day, then removed', async () => {
    const { layout, temp } = await place();
    let found: string[] = [];
    for (let delay = 100; found.length === 0; delay += 20) {
      expect(await killed(signArgs(`oci:${layout}`, temp), delay, inNamespace())).not.toBe(0);
      found = readdirSync(temp);
    }
    await cliOk(signArgs(`oci:${layout}`, temp));
    expect(readdirSync(temp)).toEqual(found);
    for (const name of found) hoursAgo(join(temp, name), 23);
    await cliOk(signArgs(`oci:${layout}`, temp));
    expect(readdirSync(temp)).toEqual(found);
    for (const name of found) hoursAgo(join(temp, name), 25);
    await cliOk(signArgs(`oci:${layout}`, temp));
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a run in another PID namespace removes nothing of this one that lives', async () => {
    const { layout, temp } = await place();
    const live = join(temp, `verity-sign-${ownMark()}-AbCdEf`);
    mkdirSync(live, { mode: 0o700 });
    await cliOk(signArgs(`oci:${layout}`, temp), { prefix: inNamespace() });
    await cliOk(signArgs(`oci:${layout}`, temp));
    expect(existsSync(live)).toBe(true);
  });

  test('a run that sleeps keeps its folder, and ends well when it goes on', async () => {
    const { layout, temp } = await place();
    let pid = 0;
    const sleeping = cli(signArgs(`oci:${layout}`, temp), {
      onStart: (started) => {
        pid = started;
      },
    });
    while (readdirSync(temp).length === 0) await sleep(5);
    process.kill(pid, 'SIGSTOP');
    const [own = ''] = readdirSync(temp);
    const old = new Date(Date.now() - 48 * 3600 * 1000);
    utimesSync(join(temp, own), old, old);
    const other = await place();
    await cliOk(signArgs(`oci:${other.layout}`, temp));
    expect(readdirSync(temp)).toEqual([own]);
    process.kill(pid, 'SIGCONT');
    expect((await sleeping).status).toBe(0);
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a process number that was given again, folders of others, and names that are none of ours', async () => {
    const { layout, archive, temp } = await place();
    const dead = `verity-sign-${deadMark()}-AbCdEf`;
    const elsewhere = `verity-sign-${ELSEWHERE}-AbCdEf`;
    const open = `verity-sign-${deadMark()}-OpenTo`;
    for (const name of [dead, elsewhere, 'verity-sign-report', 'verity-sign-AbCdEf']) {
      mkdirSync(join(temp, name), { mode: 0o700 });
      writeFileSync(join(temp, name, 'file'), '');
      if (name !== elsewhere) hoursAgo(join(temp, name), 48);
    }
    mkdirSync(join(temp, open), { mode: 0o755 });
    const blob = join(layout, 'blobs/sha256', `${'0'.repeat(64)}.${deadMark()}-1.partial`);
    const stays = join(layout, 'blobs/sha256', `${'0'.repeat(64)}.${ELSEWHERE}-1.partial`);
    const beside = `${archive}.${deadMark()}-1.partial`;
    for (const path of [blob, stays, beside]) writeFileSync(path, 'half');
    writeFileSync(join(layout, 'index.json.lock'), `${deadMark()} 1`);
    await cliOk(signArgs(`oci:${layout}`, temp));
    await cliOk(signArgs(`oci-archive:${archive}`, temp));
    expect(readdirSync(temp).sort()).toEqual(
      [elsewhere, open, 'verity-sign-AbCdEf', 'verity-sign-report'].sort(),
    );
    expect([blob, stays, beside, join(layout, 'index.json.lock')].map((path) => existsSync(path))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    hoursAgo(stays, 25);
    await cliOk(signArgs(`oci:${layout}`, temp));
    expect(existsSync(stays)).toBe(false);
  });

  test('nothing is removed through a link, nor a file that another program may have named', async () => {
    const { layout, archive, temp } = await place();
    const kept = join(temp, 'kept');
    mkdirSync(kept);
    const file = join(kept, 'file');
    writeFileSync(file, 'of the user');
    const leftover = join(temp, `verity-sign-${deadMark()}-AbCdEf`);
    mkdirSync(leftover, { mode: 0o700 });
    symlinkSync(kept, join(leftover, 'folder'));
    symlinkSync(file, join(leftover, 'file'));
    const links = [
      join(temp, `verity-sign-${deadMark()}-LiNkXx`),
      join(layout, `index.json.${deadMark()}-1.partial`),
      `${archive}.${deadMark()}-1.partial`,
    ];
    for (const [index, link] of links.entries()) symlinkSync(index === 0 ? kept : file, link);
    const others = [join(layout, 'notes.1-2.partial'), `${archive}.1-2.partial`];
    for (const other of others) {
      writeFileSync(other, 'of another program');
      hoursAgo(other, 72);
    }
    await cliOk(signArgs(`oci:${layout}`, temp));
    await cliOk(signArgs(`oci-archive:${archive}`, temp));
    expect(existsSync(leftover)).toBe(false);
    for (const path of [file, ...links, ...others]) expect(existsSync(path)).toBe(true);
  });
});
