import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  createReadStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErofsBuilder } from '../../src/convert/erofs/builder.ts';
import { byHand } from '../helpers/by-hand.ts';
import { builderIn, type Converted, convertBlob, convertTar } from '../helpers/convert.ts';
import { END, paxHeader, rawEntry, rawTar, sha256 } from '../helpers/raw-tar.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';

const PROFILES = ['containerd', 'containerd-tar-index'] as const;

let folder: string;
let builder: ErofsBuilder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layers-succeed-'));
  builder = await builderIn(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Converts in both modes and compares with the work by hand. */
async function agrees(tar: Buffer): Promise<Converted> {
  let last: Converted | undefined;
  for (const profile of PROFILES) {
    last = await convertTar(builder, tar, profile, folder);
    expect(last.rootHash).toBe(await byHand(tar, profile, folder));
  }
  if (last === undefined) throw new TypeError('no profile');
  return last;
}

const file = { name: 'file', data: Buffer.from('content') };

describe('by the vectors', () => {
  const all = new Map(vectors().map((vector) => [vector.name, vector]));

  test.each([
    ['fault 26: empty tar', ['empty-gzip', 'empty-long-gzip']],
    ['fault 28: whiteouts', ['whiteouts-gzip', 'whiteouts-tar', 'whiteouts-zstd']],
    ['fault 29: opaque directories', ['whiteouts-gzip']],
    ['fault 30: device nodes, FIFO', ['devices-gzip']],
    ['fault 31: long names (GNU, PAX)', ['longnames-gzip', 'gnu-longnames-gzip']],
    ['fault 33: xattrs, capabilities', ['xattrs-gzip']],
    ['fault 35: hard links', ['links-gzip']],
    ['fault 37: fractional mtime', ['modes-gzip']],
    ['fault 39: multi-member gzip', ['dirs-gzip-multimember', 'whiteouts-gzip-multimember']],
  ])('%s', async (_fault, names) => {
    for (const name of names) {
      const vector = all.get(name);
      if (vector === undefined) throw new TypeError(name);
      for (const profile of PROFILES) {
        const { rootHash } = await convertBlob(builder, vector, profile, folder);
        expect(rootHash).toBe(vector.profiles[profile].rootHash);
      }
    }
  });
});

describe('by mkfs.erofs and veritysetup', () => {
  test('fault 26: empty tar of no bytes but the end', async () => {
    await agrees(END);
  });

  test('fault 27: zero-length file', async () => {
    await agrees(rawTar({ name: 'empty' }, file, { name: 'last' }));
  });

  test('fault 30: device nodes with large numbers', async () => {
    await agrees(rawTar({ name: 'dev', typeflag: '4', devmajor: '0000377', devminor: '0077777' }));
  });

  test('fault 32: names that are not UTF-8', async () => {
    const odd = { name: 'caf\xe9/\xff\xfe', data: Buffer.from('x') };
    const pax = paxHeader({ path: Buffer.from('pax-\xe9\x80', 'latin1') });
    const { facts } = await agrees(rawTar(odd, pax, file, { name: 'line\nbreak', typeflag: '5' }));
    expect(facts.dropped.count).toBe(0);
  });

  test('fault 34: xattrs in any order: the same image of the same file', async () => {
    const forward = rawTar(paxHeader({ 'SCHILY.xattr.user.a': '1', 'SCHILY.xattr.user.b': '2' }), file);
    const backward = rawTar(paxHeader({ 'SCHILY.xattr.user.b': '2', 'SCHILY.xattr.user.a': '1' }), file);
    await agrees(forward);
    await agrees(backward);
  });

  // 9 MiB in every run, 9 GiB on demand: VERITY_SIGN_SLOW_TESTS=1 (some minutes, 30 GB of disk).
  test('fault 36: a PAX size above 8 GiB, sparse blob made on the fly', async () => {
    const size = 9 * 1024 ** (process.env.VERITY_SIGN_SLOW_TESTS === '1' ? 3 : 2);
    const path = join(folder, 'huge.tar');
    writeFileSync(path, Buffer.concat([paxHeader({ size: `${size}` }), rawEntry({ name: 'huge' })]));
    const start = statSync(path).size;
    truncateSync(path, start + size);
    appendFileSync(path, Buffer.concat([rawEntry(file), END]));
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    const digest = `sha256:${hash.digest('hex')}`;
    const blob = { path, digest, diffId: digest, size: statSync(path).size };
    const { rootHash, facts } = await convertBlob(builder, blob, 'containerd', folder, 600_000, 1e11);
    expect(facts.tarSize).toBe(blob.size);
    expect(rootHash).toBe(await byHand(blob, 'containerd', folder));
    rmSync(path);
  }, 1_200_000);

  test('fault 37: negative and fractional mtime', async () => {
    const times = ['-1', '-1.5', '0.25', '1700000000.123456789123', '-0.000000001'];
    const entries = times.flatMap((mtime, at) => [
      paxHeader({ mtime }),
      rawEntry({ ...file, name: `file${at}` }),
    ]);
    await agrees(rawTar(...entries));
  });

  test('fault 38: tar without end-of-archive marker', async () => {
    await agrees(rawEntry(file));
    await agrees(Buffer.concat([rawEntry(file), Buffer.alloc(512)]));
  });

  test('bytes after the end-of-archive marker belong to the tar', async () => {
    await agrees(Buffer.concat([rawTar(file), Buffer.alloc(9000), Buffer.from('trailer')]));
    await agrees(Buffer.concat([rawTar(file), Buffer.alloc(3_000_000, 0x5a)]));
  });

  // Decided: a node makes the same image, so it is signed; the user is told what is not in it.
  test('fault 41: GNU sparse file: signed as the node has it, with a warning', async () => {
    const old = await agrees(rawTar({ ...file, name: 'sparse', typeflag: 'S' }, file));
    expect(old.facts.dropped).toEqual({ count: 1, examples: ['sparse (typeflag S: dropped)'] });
    const header = paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'disk' });
    const pax = await agrees(rawTar(header, { ...file, name: 'GNUSparseFile.0/disk' }));
    expect(pax.facts.dropped.examples[0]).toMatch(/^disk \(PAX sparse file/);
  });

  test('fault 70: entries that mkfs.erofs drops silently: signed, and named', async () => {
    const tar = rawTar(
      file,
      { ...file, name: 'old', typeflag: '\0' },
      {
        name: 'dev/bad',
        typeflag: '3',
        devminor: 'no',
      },
    );
    const { facts } = await agrees(tar);
    expect(facts.dropped.count).toBe(2);
    expect(facts.dropped.examples[0]).toBe('old (typeflag NUL: dropped)');
  });

  test('fault 41: what GNU tar itself writes', async () => {
    const work = mkdtempSync(join(folder, 'gnu-'));
    const script = `truncate -s 1M sparse; echo x >> sparse; mkdir d; ln sparse d/hard
      for f in gnu posix; do tar -S -H $f -cf $f.tar sparse; tar -S -H $f -cf $f-link.tar sparse d; done`;
    await promisify(execFile)('sh', ['-ec', script], { cwd: work, env: toolEnvironment() });
    for (const format of ['gnu', 'posix']) {
      const { facts } = await agrees(readFileSync(join(work, `${format}.tar`)));
      expect(facts.dropped.count).toBe(1);
      // mkfs.erofs has no file of that name: it refuses the link, here as on the node.
      const linked = readFileSync(join(work, `${format}-link.tar`));
      await expect(convertTar(builder, linked, 'containerd', folder)).rejects.toMatchObject({
        code: 'image',
      });
    }
    rmSync(work, { recursive: true });
  });

  test('all compressions of one tar that GNU gzip and zstd made', async () => {
    const tar = rawTar(file, { name: 'more', data: Buffer.alloc(5_000_000, 'abcdefgh') });
    const work = mkdtempSync(join(folder, 'gzip-'));
    writeFileSync(join(work, 'tar'), tar);
    await promisify(execFile)('sh', ['-ec', 'gzip -k1 tar; zstd -q19 tar'], {
      cwd: work,
      env: toolEnvironment(),
    });
    for (const name of ['tar.gz', 'tar.zst']) {
      const blob = readFileSync(join(work, name));
      const described = {
        path: join(work, name),
        size: blob.length,
        digest: sha256(blob),
        diffId: sha256(tar),
      };
      const { facts } = await convertBlob(builder, described, 'containerd-cache', folder);
      expect(facts.tarSize).toBe(tar.length);
    }
    expect(gunzipSync(readFileSync(join(work, 'tar.gz'))).equals(tar)).toBe(true);
    rmSync(work, { recursive: true });
  });
});
