import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMkfsBuilder } from '../../src/convert/erofs/mkfs/known-answer.ts';
import { MkfsBuilder } from '../../src/convert/erofs/mkfs/mkfs-builder.ts';
import { VeritySignError } from '../../src/errors.ts';
import { run } from '../../src/lib/process/run.ts';
import type { Logger } from '../../src/logger.ts';
import { silentLogger } from '../../src/logger.ts';
import { PROFILE_NAMES } from '../../src/model/profiles.ts';
import { builderIn, convert, convertTar, leftIn } from '../helpers/convert.ts';
import { paxHeader, rawEntry, rawTar } from '../helpers/raw-tar.ts';
import { fakeMkfs } from '../helpers/run-child.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const PROFILES = ['containerd', 'containerd-tar-index'] as const;

let folder: string;
let scripts: string;
let builder: MkfsBuilder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mkfs-fault-'));
  scripts = mkdtempSync(join(tmpdir(), 'mkfs-fake-'));
  builder = await builderIn(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(scripts, { recursive: true });
});

async function failure(work: Promise<unknown>): Promise<VeritySignError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VeritySignError);
  expect(leftIn(folder)).toEqual([]);
  const known = error as VeritySignError;
  expect(known.remedy).toBeDefined();
  return known;
}

/** No process has such a command line. */
async function expectNone(pattern: string): Promise<void> {
  const left = await run(['sh', '-c', `pgrep -f "${pattern}" || true`], { env: toolEnvironment() });
  expect(left.stdout.toString()).toBe('');
}

const file = { name: 'file', data: Buffer.from('x') };

describe('tars that mkfs.erofs refuses', () => {
  const cases: [string, Buffer, string][] = [
    [
      'fault 17: negative PAX size',
      rawTar(paxHeader({ size: '-5' }), file),
      'a negative or absurd value in a header',
    ],
    ['fault 17: absurd PAX size', rawTar(paxHeader({ size: 'many' }), file), 'a bad or cut header'],
    [
      'fault 17: negative size in the header',
      rawTar({ ...file, size: Buffer.alloc(12, 0xff) }),
      'a negative or absurd value in a header',
    ],
    ['fault 18: tar header checksum error', rawTar({ ...file, checksum: '0000001' }), 'a wrong checksum'],
    [
      'fault 19: hard link to a missing target',
      rawTar({ name: 'link', typeflag: '1', linkname: 'missing' }),
      'a hard link whose target is missing',
    ],
    [
      'fault 20: hard link to the root',
      rawTar({ name: './', typeflag: '5' }, { name: 'link', typeflag: '1', linkname: './' }),
      'a hard link to a directory or to the root',
    ],
    [
      'a file that is cut',
      rawEntry({ ...file, data: Buffer.alloc(9000) }).subarray(0, 2048),
      'a bad or cut header',
    ],
    ['an opaque marker at the root', rawTar({ name: '.wh..wh..opq' }), 'an opaque marker at the root'],
  ];

  test.each(cases)('%s', async (_name, tar, reason) => {
    for (const profile of PROFILES) {
      const error = await failure(convertTar(builder, tar, profile, folder));
      expect(error.code).toBe('image');
      expect(error.message).toContain(`the layer's tar is malformed: `);
      expect(error.message).toContain(reason);
      expect(error.toLine()).not.toContain('\n');
    }
  });

  test('fault 18: the place that mkfs.erofs names is passed on', async () => {
    const tar = rawTar(file, { ...file, checksum: '0000001' });
    const error = await failure(convertTar(builder, tar, 'containerd', folder));
    expect(error.message).toMatch(/mkfs\.erofs says: chksum mismatch @ 1024$/);
  });
});

describe('an mkfs.erofs that fails', () => {
  const broken = (body: string): MkfsBuilder =>
    new MkfsBuilder({ ...builder.program, path: fakeMkfs(scripts, body) });

  test.each(PROFILES)('fault 21: mkfs.erofs crashes, profile %s', async (profile) => {
    const crashing = broken('head -c 100 >/dev/null; kill -SEGV $$');
    const error = await failure(convertTar(crashing, rawTar(file), profile, folder));
    expect(error.code).toBe('environment');
    expect(error.message).toBe('mkfs.erofs crashed on this layer (SIGSEGV)');
  });

  test.each(PROFILES)(
    'fault 23: mkfs.erofs hangs, profile %s: the process group is gone',
    async (profile) => {
      const seconds = `4${process.pid}`;
      const hanging = broken(`sleep ${seconds} & sleep ${seconds}`);
      const error = await failure(convertTar(hanging, rawTar(file), profile, folder, 400));
      expect(error.code).toBe('environment');
      expect(error.message).toBe('mkfs.erofs did not finish within 0.4 s');
      await expectNone(`^sleep ${seconds}$`);
    },
  );

  test('an image that is not written is no success', async () => {
    const error = await failure(convertTar(broken('cat >/dev/null'), rawTar(file), 'containerd', folder));
    expect(error.message).toContain('no image');
  });

  test('disk full as mkfs.erofs tells it', async () => {
    const full = broken(
      'echo "<E> erofs: Could not format the device : [Error 28] No space left on device" >&2; exit 1',
    );
    const error = await failure(convertTar(full, rawTar(file), 'containerd', folder));
    expect(error).toMatchObject({ code: 'environment', remedy: expect.stringContaining('temp-dir') });
  });

  test('an option that it does not know is the user’s', async () => {
    const build = await builder.start({
      profile: 'containerd',
      uuid: '570bbe6d-572b-5938-accb-5cfa507f639f',
      folder,
      mkfsOptions: ['-T0', '--no-such-option'],
      name: 'x',
      blobSize: 0,
      maxTarSize: 0,
      timeout: 10_000,
    });
    expect((await failure(build.finish())).code).toBe('usage');
  });

  test.each(PROFILES)(
    'an error of the blob ends mkfs.erofs and comes through, profile %s',
    async (profile) => {
      // Poured here, and by a thread of its own.
      for (const size of [10_000, 10_000_000]) {
        const blob = new PassThrough();
        const error = new VeritySignError('registry', 'the connection broke', { remedy: 'Try again' });
        const open = (): Promise<PassThrough> => Promise.resolve(blob);
        const digest = `sha256:${'a'.repeat(64)}`;
        const expected = { digest, size, diffId: digest, compression: 'none' as const, open };
        const converting = convert(builder, expected, profile, folder);
        blob.write(rawEntry(file));
        setTimeout(() => blob.destroy(error), 50);
        expect(await failure(converting)).toBe(error);
        expect(leftIn(folder)).toEqual([]);
      }
    },
  );

  test('what a failed mkfs.erofs leaves running, with the pipe open, holds up nothing', async () => {
    const seconds = `3${process.pid}`;
    // setsid: out of the process group that is ended.
    const leaving = broken(`setsid sleep ${seconds} <&0 >/dev/null 2>&1 & head -c 100 >/dev/null; exit 1`);
    const tar = Buffer.concat([rawEntry({ ...file, data: Buffer.alloc(20_000_000) }), Buffer.alloc(1024)]);
    const error = await failure(convertTar(leaving, tar, 'containerd', folder));
    expect(error.code).toBe('environment');
    expect(leftIn(folder)).toEqual([]);
    // Nor does it last: it has no process ids outside of those of mkfs.erofs.
    await expectNone(`^sleep ${seconds}$`);
  });
});

describe('fault 22: mkfs.erofs that is not usable', () => {
  const create = (mkfsPath: string | undefined, wanted?: string, log: Logger = silentLogger) =>
    createMkfsBuilder({ mkfsPath, wanted, profiles: PROFILE_NAMES, tempFolder: folder, log });
  const refused = async (mkfsPath: string, wanted?: string): Promise<string> => {
    const error = await failure(create(mkfsPath, wanted));
    expect(error.code).toBe('environment');
    return error.message;
  };
  const saying = (version: string): string =>
    fakeMkfs(scripts, `echo 'mkfs.erofs (erofs-utils) ${version}'; [ "$1" = --version ]`);

  test('missing', async () => {
    expect(await refused(join(scripts, 'missing'))).toContain('is not an executable file');
    expect(await refused(scripts)).toContain('is not an executable file');
  });

  test('1.5 of Debian 12', async () => {
    expect(await refused(toolPath('mkfs.erofs-1.5'))).toContain('too old');
  });

  test.each([
    ['1.7.1', '1.7.1 is too old'],
    ['1.8.6', '1.8.6 is too old'],
    ['1.9.0', '1.9.0 produces images that differ'],
  ])('%s, also with `any`', async (version, message) => {
    expect(await refused(saying(version))).toContain(message);
    expect(await refused(saying(version), 'any')).toContain(message);
  });

  test('something else altogether', async () => {
    expect(await refused(toolPath('true'))).toContain('does not print a version');
    expect(await refused(toolPath('false'))).toContain('--version failed');
  });

  test('one that cannot convert at all', async () => {
    expect(await refused(saying('1.9.4'))).toContain('cannot convert the built-in test layers');
  });

  /** The real one with another build time: no release makes such images. */
  const other = (): string =>
    fakeMkfs(scripts, 'for a do shift; [ "$a" = -T0 ] && a=-T1; set -- "$@" "$a"; done; exec "$REAL" "$@"');

  test('of an unknown class: refused, or accepted with a warning', async () => {
    expect(await refused(other())).toMatch(
      /images that match no known release \(simple in profile containerd/,
    );
    expect(await refused(other(), '1.9.4')).toContain('no known release');
    const warnings: string[] = [];
    const warn = (message: string): number => warnings.push(message);
    const accepted = await create(other(), 'any', { ...silentLogger, warn });
    expect(accepted.info.class).toBe('unknown');
    expect(warnings.join()).toContain('only for nodes with this very mkfs.erofs');
  });

  test('of a class or version other than the wanted', async () => {
    const real = toolPath('mkfs.erofs');
    for (const wanted of ['C', 'c', '1.9.4', 'any']) {
      expect((await create(real, wanted)).info.class).toBe('C');
    }
    expect(await refused(real, 'A')).toBe(
      'mkfs.erofs is version 1.9.4, class C; erofs-utils-version requires class A',
    );
    expect(await refused(real, '1.8.10')).toContain('requires version 1.8.10');
    expect((await failure(create(real, 'newest'))).code).toBe('usage');
  });
});
