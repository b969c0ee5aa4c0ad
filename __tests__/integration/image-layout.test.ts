import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { create } from 'tar';
import { ArchiveSource } from '../../src/oci/image/archive-source.ts';
import { LayoutSource } from '../../src/oci/image/layout-source.ts';
import { resolveImage } from '../../src/oci/image/resolve.ts';
import { DOCKER, ImageWriter, sha256 } from '../helpers/image-writer.ts';

const all = { platforms: [], allowSkip: [] };
let writer: ImageWriter;
let temp: string;

beforeEach(async () => {
  writer = await ImageWriter.create();
  temp = await mkdtemp(join(tmpdir(), 'test-image-'));
});

afterEach(async () => {
  await writer.remove();
  await rm(temp, { recursive: true, force: true });
});

const layout = (tag?: string, digest?: string) => new LayoutSource({ path: writer.directory, tag, digest });

describe('a layout folder', () => {
  test('resolves by tag, by digest, through an index, and alone', async () => {
    const image = await writer.image({ layers: ['one', 'two'] });
    const amd64 = { ...image, platform: { os: 'linux', architecture: 'amd64' } };
    const index = await writer.add(await writer.index([amd64]), 'v1');
    for (const source of [layout('v1'), layout(), layout(undefined, index.digest)]) {
      const resolved = await resolveImage(source, all);
      expect(resolved.root).toEqual(index);
      expect(resolved.name).toBe(`oci:${writer.directory}@${index.digest}`);
      expect(resolved.manifests[0]?.descriptor).toEqual(image);
    }
    const nested = await resolveImage(layout(undefined, image.digest), all);
    expect(nested.root).toEqual(image);
    const [layer] = nested.manifests[0]?.layers ?? [];
    expect(layer?.diffId).toBe(sha256('one'));
    if (layer === undefined) throw new TypeError('no layer');
    expect((await buffer(await layout().blob(layer.descriptor))).toString()).toBe('one');
  });

  test('Docker media types', async () => {
    const image = await writer.image({ types: DOCKER });
    await writer.add(await writer.index([image], DOCKER), 'v1');
    const { manifests } = await resolveImage(layout('v1'), all);
    expect(manifests[0]?.descriptor.mediaType).toBe(DOCKER.manifest);
    expect(manifests[0]?.layers[0]?.compression).toBe('gzip');
  });

  test('several images: the tags are listed; signatures beside one image do not count', async () => {
    const one = await writer.add(await writer.image({ layers: ['one'] }), 'v1');
    const signature = await writer.image({ layers: [], manifest: { subject: one } });
    await writer.add(signature);
    expect((await layout().resolve()).digest).toBe(one.digest);
    await writer.add(await writer.image({ layers: ['two'] }), 'v2');
    const error = { code: 'usage', remedy: 'Choose one of :v1, :v2' };
    await expect(layout().resolve()).rejects.toMatchObject({ ...error, message: 'the layout has 2 images' });
    await expect(layout('v3').resolve()).rejects.toMatchObject({
      ...error,
      message: 'the layout has no image tagged "v3"',
    });
    await expect(layout(undefined, sha256('x')).resolve()).rejects.toMatchObject(error);
  });

  test('what is no layout is refused', async () => {
    const at = (path: string) => new LayoutSource({ path, tag: undefined, digest: undefined }).resolve();
    await expect(at(join(temp, 'none'))).rejects.toMatchObject({ code: 'usage' });
    await expect(at(temp)).rejects.toMatchObject({ code: 'image', message: 'the layout lacks oci-layout' });
    await writeFile(join(temp, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}');
    await expect(at(temp)).rejects.toMatchObject({ code: 'image' });
  });

  test('fault 06: manifest digest differs from the descriptor', async () => {
    const image = await writer.add(await writer.image(), 'v1');
    const bytes = await writer.read(image.digest);
    await writeFile(
      writer.path(image.digest),
      bytes.toString().replace('"schemaVersion":2', '"schemaVersion":3'),
    );
    await expect(resolveImage(layout(), all)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining(`the content of ${image.digest} has digest`),
    });
  });

  test('fault 07: manifest size differs', async () => {
    const image = await writer.add({ ...(await writer.image()), size: 7 }, 'v1');
    await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringMatching(new RegExp(`^${image.digest} has \\d+ bytes, its descriptor says 7$`)),
    });
  });

  test('fault 12: malformed manifest and index.json', async () => {
    await writer.add(
      await writer.blob(Buffer.from('{"schemaVersion":2}'), 'application/vnd.oci.image.manifest.v1+json'),
      'v1',
    );
    await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({ code: 'image' });
    await writeFile(join(writer.directory, 'index.json'), '{"schemaVersion":2,');
    await expect(layout().resolve()).rejects.toMatchObject({
      code: 'image',
      message: 'index.json is not valid JSON',
    });
  });

  test('fault 13: manifest over 4 MiB', async () => {
    const annotations = { a: 'x'.repeat(4 * 1024 * 1024) };
    await writer.add(await writer.image({ manifest: { annotations } }), 'v1');
    await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('the limit is 4194304'),
    });
  });

  test('fault 15: blob missing in the layout', async () => {
    await writer.add(await writer.image({ layers: ['gone'] }), 'v1');
    await rm(writer.path(sha256('gone')));
    const { manifests } = await resolveImage(layout(), all);
    const [layer] = manifests[0]?.layers ?? [];
    if (layer === undefined) throw new TypeError('no layer');
    await expect(layout().blob(layer.descriptor)).rejects.toMatchObject({
      code: 'image',
      message: `the layout lacks blobs/sha256/${sha256('gone').slice(7)}`,
    });
  });

  test.each(['blob', 'algorithm folder', 'blobs folder', 'index.json', 'oci-layout'])(
    'fault 16: a symlink in place of the %s',
    async (what) => {
      const image = await writer.add(await writer.image(), 'v1');
      const paths: Record<string, string> = {
        blob: writer.path(image.digest),
        'algorithm folder': join(writer.directory, 'blobs/sha256'),
        'blobs folder': join(writer.directory, 'blobs'),
        'index.json': join(writer.directory, 'index.json'),
        'oci-layout': join(writer.directory, 'oci-layout'),
      };
      const path = paths[what] ?? '';
      await rename(path, join(temp, 'elsewhere'));
      await symlink(join(temp, 'elsewhere'), path);
      await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({
        code: 'image',
        message: expect.stringContaining('is a symbolic link'),
      });
    },
  );

  test('fault 16: a digest with path characters', async () => {
    const index = {
      schemaVersion: 2,
      manifests: [{ mediaType: 'x', digest: 'sha256:../../secret', size: 1 }],
    };
    await writeFile(join(writer.directory, 'index.json'), JSON.stringify(index));
    await expect(layout().resolve()).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('malformed at manifests.0.digest'),
    });
  });

  test('a file in place of the folder of blobs is damage of the layout', async () => {
    const image = await writer.add(await writer.image(), 'v1');
    const folder = dirname(writer.path(image.digest));
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('is not a regular file'),
    });
  });

  test('a FIFO in place of a blob does not hang', async () => {
    const image = await writer.add(await writer.image(), 'v1');
    await rm(writer.path(image.digest));
    execFileSync('mkfifo', [writer.path(image.digest)]);
    await expect(resolveImage(layout('v1'), all)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('is not a regular file'),
    });
  });
});

describe('an archive', () => {
  const file = () => join(temp, 'image.tar');
  const open = (tag?: string) =>
    ArchiveSource.open({ kind: 'archive', path: file(), tag }, join(temp, 'unpacked'));
  const pack = (...names: string[]) =>
    create({ cwd: writer.directory, file: file() }, names.length > 0 ? names : ['.']);

  test('behaves as the layout in it', async () => {
    const image = await writer.add(await writer.image({ layers: ['one'] }), 'v1');
    await pack();
    const source = await open('v1');
    const { manifests, name } = await resolveImage(source, all);
    expect(name).toBe(`oci-archive:${file()}@${image.digest}`);
    const [layer] = manifests[0]?.layers ?? [];
    if (layer === undefined) throw new TypeError('no layer');
    expect((await buffer(await source.blob(layer.descriptor))).toString()).toBe('one');
    await expect(
      (await ArchiveSource.open({ kind: 'archive', path: file(), tag: 'v9' }, join(temp, 'again'))).resolve(),
    ).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('is written anew with all its files, reproducibly, and nothing is left beside it', async () => {
    const image = await writer.add(await writer.image(), 'v1');
    await writeFile(join(writer.directory, 'manifest.json'), '[]');
    await pack();
    const mode = (await stat(file())).mode;
    await writeFile(`${file()}.partial`, 'left by a killed run');
    const source = await open();
    // As all that is unpacked: the mode is a part of the archive.
    await writeFile(join(source.directory, 'blobs/sha256', sha256('new').slice(7)), 'new', { mode: 0o600 });
    await source.repack();
    const first = await readFile(file());
    const reference = { kind: 'archive', path: file(), tag: 'v1', digest: undefined } as const;
    await (await ArchiveSource.open(reference, join(temp, 'second'))).repack();
    expect((await readFile(file())).equals(first)).toBe(true);
    expect((await stat(file())).mode).toBe(mode);
    expect(await readdir(temp)).toEqual(expect.not.arrayContaining(['image.tar.partial']));
    const again = await ArchiveSource.open({ kind: 'archive', path: file(), tag: 'v1' }, join(temp, 'again'));
    expect((await resolveImage(again, all)).root.digest).toBe(image.digest);
    expect(await readFile(join(again.directory, 'manifest.json'), 'utf8')).toBe('[]');
    expect(await readFile(join(again.directory, 'blobs/sha256', sha256('new').slice(7)), 'utf8')).toBe('new');
  });

  test('fault 16: links, devices, other paths and duplicates in the archive', async () => {
    const image = await writer.add(await writer.image(), 'v1');
    const refused = async (message: RegExp) => {
      await rm(join(temp, 'unpacked'), { recursive: true, force: true });
      await expect(open()).rejects.toMatchObject({ code: 'image', message: expect.stringMatching(message) });
    };
    const tar = (...args: string[]) => execFileSync('tar', ['-cf', file(), '-C', writer.directory, ...args]);

    tar('--transform=s,^oci-layout,../oci-layout,', '-P', 'oci-layout');
    await refused(/"\.\.\/oci-layout", which does not belong/);
    tar('--transform=s,^oci-layout,/etc/oci-layout,', '-P', 'oci-layout');
    await refused(/"\/etc\/oci-layout", which does not belong/);
    tar('--transform=s,^oci-layout,blobs/sha256/x,', 'oci-layout');
    await refused(/"blobs\/sha256\/x", which does not belong/);
    tar('oci-layout', 'index.json', 'oci-layout', '--hard-dereference');
    await refused(/"oci-layout" twice/);
    tar('oci-layout', 'oci-layout');
    await refused(/twice|not a regular file \(Link\)/);
    await rename(writer.path(image.digest), join(temp, 'elsewhere'));
    await symlink(join(temp, 'elsewhere'), writer.path(image.digest));
    tar('.');
    await refused(/not a regular file \(SymbolicLink\)/);
    await rm(writer.path(image.digest));
    execFileSync('mkfifo', [writer.path(image.digest)]);
    tar('.');
    await refused(/not a regular file \(FIFO\)/);
    expect((await readdir(temp)).sort()).toEqual(['elsewhere', 'image.tar', 'unpacked']);
  });

  test('as buildx writes it for type=oci: an index with attestations, under every tag', async () => {
    const image = await writer.image({ layers: ['one'] });
    const attestation = await writer.image({ layers: ['{}'], platform: undefined });
    const index = await writer.index([
      { ...image, platform: { os: 'linux', architecture: 'amd64' } },
      {
        ...attestation,
        annotations: {
          'vnd.docker.reference.digest': image.digest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
        platform: { architecture: 'unknown', os: 'unknown' },
      },
    ]);
    // One entry for each name, all with the same digest. [buildkit exporter/oci; containerd images/archive]
    for (const name of ['registry.example/app:1.0', 'registry.example/app:latest', 'other.example/app:1.0']) {
      const annotations = {
        'io.containerd.image.name': name,
        'org.opencontainers.image.created': '2026-01-31T12:00:00Z',
      };
      await writer.add({ ...index, annotations }, name.slice(name.lastIndexOf(':') + 1));
    }
    // In containerd's order, with folders of their own.
    const blobs = [
      'blobs/',
      'blobs/sha256/',
      ...(await readdir(join(writer.directory, 'blobs/sha256'))).map((hex) => `blobs/sha256/${hex}`),
    ];
    execFileSync('tar', [
      '-cf',
      file(),
      '-C',
      writer.directory,
      '--no-recursion',
      ...blobs,
      'index.json',
      'oci-layout',
    ]);
    for (const tag of [undefined, '1.0', 'latest']) {
      await rm(join(temp, 'unpacked'), { recursive: true, force: true });
      const { root, manifests, skipped } = await resolveImage(await open(tag), all);
      expect(root).toEqual({ mediaType: index.mediaType, digest: index.digest, size: index.size });
      expect(manifests.map(({ descriptor }) => descriptor.digest)).toEqual([image.digest]);
      expect(skipped).toMatchObject([
        {
          descriptor: { digest: attestation.digest },
          reason: 'not an image (buildx attestation-manifest)',
          mayRun: false,
        },
      ]);
    }
    await rm(join(temp, 'unpacked'), { recursive: true });
    await expect((await open('2.0')).resolve()).rejects.toMatchObject({
      code: 'usage',
      remedy: 'Choose one of :1.0, :latest',
    });
  });

  test('compressed with zstd: refused as with gzip, with what to do', async () => {
    await writeFile(file(), Buffer.from('28b52ffd04580000', 'hex'));
    await expect(open()).rejects.toMatchObject({
      code: 'image',
      message: 'the archive is compressed',
      remedy: 'Decompress it: the layers in it are compressed already',
    });
  });

  test('damaged, compressed and missing archives', async () => {
    await writer.add(await writer.image({ layers: ['x'.repeat(5000)] }), 'v1');
    await pack();
    const whole = await readFile(file());
    await writeFile(file(), whole.subarray(0, 3000));
    await expect(open()).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('damaged'),
    });
    await rm(join(temp, 'unpacked'), { recursive: true });
    await writeFile(file(), Buffer.alloc(4096, 'no tar'));
    await expect(open()).rejects.toMatchObject({
      code: 'image',
      message: expect.stringContaining('damaged'),
    });
    execFileSync('gzip', ['-f', file()]);
    await rename(`${file()}.gz`, file());
    await expect(open()).rejects.toMatchObject({ code: 'image', message: 'the archive is compressed' });
    await rm(file());
    await expect(open()).rejects.toMatchObject({ code: 'usage' });
    await mkdir(file());
    await expect(open()).rejects.toMatchObject({ code: 'usage' });
  });
});
