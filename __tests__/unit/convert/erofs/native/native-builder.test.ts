import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { NativeRequest } from '../../../../../src/convert/erofs/native/native-builder.ts';
import { VeritySignError } from '../../../../../src/errors.ts';
import { buildNative, hashing, nativeImage } from '../../../../helpers/fuzz-erofs/native-image.ts';
import { paxHeader, type RawEntry, rawEntry, rawTar } from '../../../../helpers/raw-tar.ts';

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const OPTIONS = ['-T0', '--mkfs-time', '--sort=none'];

async function* source(...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

function build(tar: Buffer, more: Partial<NativeRequest> = {}) {
  return buildNative(source(tar), {
    profile: 'containerd',
    uuid: UUID,
    mkfsOptions: OPTIONS,
    classes: ['C'],
    hashing,
    ...more,
  });
}

const file = (name: string, text = 'some data'): RawEntry => ({ name, data: Buffer.from(text) });
const TAR = rawTar(file('a', 'x'.repeat(10_000)), { name: 'b', typeflag: '2', linkname: 'a' }, file('c'));

describe('what is asked for', () => {
  test('other mkfs options are refused', async () => {
    await expect(build(TAR, { mkfsOptions: ['-T0'] })).rejects.toMatchObject({ code: 'usage' });
    await expect(build(TAR, { mkfsOptions: [...OPTIONS, '-zlz4'] })).rejects.toMatchObject({ code: 'usage' });
  });

  test('an error of the source comes through', async () => {
    const broken = new Error('broken');
    async function* failing(): AsyncGenerator<Buffer> {
      yield TAR.subarray(0, 700);
      throw broken;
    }
    const request = {
      profile: 'containerd',
      uuid: UUID,
      mkfsOptions: OPTIONS,
      classes: ['C'],
      hashing,
    } as const;
    await expect(buildNative(failing(), request)).rejects.toBe(broken);
  });
});

test('a sink may take its time, and has all bytes in the end', async () => {
  const expected = await nativeImage(TAR, { profile: 'containerd', uuid: UUID, of: 'C' });
  const image = Buffer.alloc(expected.imageSize, 0xee);
  const written: [number, number][] = [];
  let ended: number | undefined;
  const chunk = Buffer.from(TAR);
  const sink = {
    write: async (offset: number, bytes: Uint8Array): Promise<void> => {
      await delay(5);
      image.set(bytes, offset);
      written.push([offset, bytes.length]);
    },
    end: (size: number): undefined => {
      ended = size;
    },
  };
  async function* reused(): AsyncGenerator<Buffer> {
    for (let at = 0; at < TAR.length; at += 3000) {
      const piece = chunk.subarray(0, Math.min(3000, TAR.length - at));
      TAR.copy(piece, 0, at);
      yield piece;
    }
  }
  const request = {
    profile: 'containerd',
    uuid: UUID,
    mkfsOptions: OPTIONS,
    classes: ['C'],
    hashing,
  } as const;
  const { images } = await buildNative(reused(), { ...request, sinks: { C: sink } });
  expect(images.get('C')).toMatchObject({ rootHash: expected.rootHash });
  expect(ended).toBe(expected.imageSize);
  // The first block comes last; gaps are zeros.
  expect(written.at(-1)).toEqual([0, 4096]);
  const inWritten = (at: number): boolean =>
    written.some(([from, length]) => at >= from && at < from + length);
  const zeroed = Buffer.from(image.map((byte, at) => (inWritten(at) ? byte : 0)));
  expect(zeroed.equals(expected.bytes)).toBe(true);
});

describe('releases and classes', () => {
  async function rootsOf(tar: Buffer) {
    const { images } = await build(tar, { classes: ['A', 'B', 'C'] });
    return [...images.values()].map((image) =>
      image instanceof VeritySignError ? image.message : image.rootHash,
    );
  }

  test('a plain layer has one root hash', async () => {
    const roots = await rootsOf(TAR);
    expect(roots[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(roots).size).toBe(1);
  });

  test('1.9.2 changed fractions of seconds', async () => {
    const [a, b, c] = await rootsOf(rawTar(paxHeader({ mtime: '1.5' }), file('a')));
    expect(a).not.toBe(b);
    expect(b).toBe(c);
  });

  test('1.9.3 changed the order of extended attributes', async () => {
    const pax = paxHeader({ 'SCHILY.xattr.user.b': '1', 'SCHILY.xattr.user.a': '2' });
    const [a, b, c] = await rootsOf(rawTar(pax, file('a')));
    expect(a).toBe(b);
    expect(b).not.toBe(c);
  });

  test('1.9.2 changed large device numbers', async () => {
    const [a, b, c] = await rootsOf(
      rawTar({ name: 'd', typeflag: '3', devmajor: '0000001', devminor: '2000000' }),
    );
    expect(a).not.toBe(b);
    expect(b).toBe(c);
  });

  test('1.9.2 takes an empty value for none, 1.9.1 refuses it', async () => {
    const [a, b, c] = await rootsOf(rawTar(paxHeader({ uid: '' }), file('a')));
    expect(a).toMatch(/not a number/);
    expect(b).toBe(c);
    expect(c).toMatch(/^[0-9a-f]{64}$/);
  });

  test('where 1.8.10 and 1.9.1 disagree, class A has no image', async () => {
    const [a, b, c] = await rootsOf(rawEntry(file('no end')));
    expect(a).toMatch(/releases 1\.8\.10 and 1\.9\.1 of class A make different images of it/);
    expect(b).toBe(c);
  });

  test('a limit of this builder is not one of the nodes, even where it stops one release alone', async () => {
    // Only 1.8.10 decodes base64 otherwise, so that both lists are kept: the last of 1.9.1 is one too many.
    const entries = Array.from({ length: 572 }, (_, number) => {
      const value = Buffer.alloc(22_000, 'value ');
      value.writeUInt32LE(number, 10);
      const record = { 'LIBARCHIVE.xattr.user.a': value.toString('base64').replace(/=+$/, '') };
      return [paxHeader(record), file(`f${number}`)];
    });
    const limit = {
      code: 'environment',
      message: expect.stringMatching(/the native builder does not support/),
    };
    await expect(build(rawTar(...entries.flat()), { classes: ['A'] })).rejects.toMatchObject(limit);
    // The same where 1.8.10 refuses the layer by itself.
    const crash = [paxHeader({ path: '/' }), file('crash')];
    await expect(build(rawTar(...entries.flat(), ...crash), { classes: ['A'] })).rejects.toMatchObject(limit);
  });
});

test('names cannot steer a terminal', async () => {
  const { facts } = await build(rawTar({ ...file('e\x1b[31mvil\n'), typeflag: 'S' }));
  expect(facts.dropped).toEqual({ count: 1, examples: ['e\ufffd[31mvil\ufffd (typeflag S: dropped)'] });
});
