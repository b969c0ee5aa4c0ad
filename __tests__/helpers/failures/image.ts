import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { emptyErofs, erofsLayer } from '../erofs-layers.ts';
import { type ImageContent, type ImageWriter, OCI, sha256 } from '../image-writer.ts';
import { rawTar } from '../raw-tar.ts';
import { vectors, writeVectorImage } from '../vector-image.ts';
import { type Failure, type FailureCase, type Stage, withLayout } from './stage.ts';

/** Signs an image that is the only one in a new layout. */
function signing(
  stage: Stage,
  content: ImageContent,
  more: readonly string[] = [],
  damage: (writer: ImageWriter) => void = () => undefined,
): Promise<Failure> {
  return withLayout(async (writer) => {
    await writer.add(await writer.image(content), 'app');
    damage(writer);
    return stage.sign(`oci:${writer.directory}:app`, more);
  });
}

const tar = gzipSync(Buffer.alloc(1024));
/** Valid, and unpacked by programs that follow links. */
export const LINKED_PATH = rawTar(
  { name: 'real/', typeflag: '5' },
  { name: 'link', typeflag: '2', linkname: 'real' },
  { name: 'link/file', data: Buffer.from('x') },
);
const GZIPPED = `${OCI.layer}+gzip`;
const WINDOWS = { os: 'windows', architecture: 'amd64' };

/** Signs an image whose manifest is written otherwise. */
function signingManifest(stage: Stage, change: (text: string) => string): Promise<Failure> {
  return withLayout(async (writer) => {
    const { digest } = await writer.image({ layers: [{ bytes: tar, mediaType: GZIPPED }] });
    const text = change((await writer.read(digest)).toString());
    await writer.add(await writer.blob(Buffer.from(text), OCI.manifest), 'app');
    return stage.sign(`oci:${writer.directory}:app`);
  });
}

export const IMAGE: FailureCase[] = [
  {
    name: 'text instead of a tar',
    run: (stage) => signing(stage, { layers: [{ bytes: gzipSync('no tar\n'), mediaType: GZIPPED }] }),
  },
  {
    name: 'path through a symbolic link',
    run: (stage) => signing(stage, { layers: [{ bytes: LINKED_PATH }] }),
  },
  {
    name: 'docker-archive',
    run: (stage) => {
      for (const name of ['layer.tar.gz', 'manifest.json']) writeFileSync(join(stage.folder, name), '[]');
      const file = join(stage.folder, 'docker.tar');
      execFileSync('tar', ['-C', stage.folder, '-cf', file, 'layer.tar.gz', 'manifest.json']);
      return stage.sign(`oci-archive:${file}`);
    },
  },
  {
    name: 'Windows image',
    run: (stage) => signing(stage, { platform: WINDOWS }),
  },
  {
    name: 'index without a Linux image',
    run: (stage) =>
      withLayout(async (writer) => {
        const windows = await writer.image({ platform: WINDOWS });
        await writer.add(await writer.index([{ ...windows, platform: WINDOWS }]), 'app');
        return stage.sign(`oci:${writer.directory}:app`);
      }),
  },
  {
    name: 'entry for Linux with a config of another kind',
    run: (stage) =>
      withLayout(async (writer) => {
        const platform = { os: 'linux', architecture: 'amd64' };
        const config = await writer.json({ a: 1 }, 'text/plain');
        const odd = await writer.json({ schemaVersion: 2, config, layers: [] }, OCI.manifest);
        const linux = await writer.image({ layers: [{ bytes: tar, mediaType: GZIPPED }] });
        await writer.add(
          await writer.index([
            { ...odd, platform },
            { ...linux, platform },
          ]),
          'app',
        );
        return stage.sign(`oci:${writer.directory}:app`);
      }),
  },
  {
    name: 'index with a Windows image and layers all',
    run: (stage) =>
      withLayout(async (writer) => {
        const platform = { os: 'linux', architecture: 'amd64' };
        const windows = { ...(await writer.image({ platform: WINDOWS })), platform: WINDOWS };
        const linux = await writer.image({ layers: [{ bytes: tar, mediaType: GZIPPED }] });
        await writer.add(await writer.index([windows, { ...linux, platform }]), 'app');
        return stage.sign(`oci:${writer.directory}:app`, ['--layers', 'all']);
      }),
  },
  {
    name: 'EROFS layer with another compression',
    run: (stage) =>
      signing(stage, { layers: [{ bytes: tar, mediaType: 'application/vnd.erofs.layer.v1+gzip' }] }),
  },
  {
    name: 'EROFS layer for tardev-snapshotter',
    run: (stage) => {
      const layer = erofsLayer();
      return signing(stage, { layers: [layer], diffIds: [layer.diffId] }, ['--profile', 'tardev']);
    },
  },
  {
    name: 'EROFS layer that is a tar',
    run: (stage) => signing(stage, { layers: [{ bytes: tar, mediaType: 'application/vnd.erofs.layer.v1' }] }),
  },
  {
    name: 'EROFS layer that is truncated',
    run: (stage) => {
      const bytes = emptyErofs(8192, 1_000_000);
      return signing(stage, { layers: [{ bytes, mediaType: 'application/vnd.erofs.layer.v1' }] });
    },
  },
  {
    name: 'layer that is not distributable',
    run: (stage) => {
      const mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
      return signing(stage, { layers: [{ bytes: tar, mediaType }] });
    },
  },
  {
    name: 'layer that is larger than allowed',
    run: (stage) => stage.sign(stage.image, ['--max-layer-size', '1KiB']),
  },
  {
    name: 'another diffID in the config',
    run: (stage) =>
      signing(stage, { layers: [{ bytes: tar, mediaType: GZIPPED }], diffIds: [sha256('other')] }),
  },
  {
    name: 'layer that was replaced in the layout',
    run: (stage) =>
      signing(stage, { layers: [{ bytes: tar, mediaType: GZIPPED }] }, [], (writer) => {
        const bytes = Buffer.from(tar);
        bytes[4] = 1; // The time in gzip's header: the tar in it stays the same.
        writeFileSync(writer.path(sha256(tar)), bytes);
      }),
  },
  {
    name: 'layer that is not a tar',
    run: (stage) => signing(stage, { layers: [{ bytes: Buffer.alloc(1024, 'x') }] }),
  },
  {
    name: 'manifest of Docker schema 1',
    run: (stage) =>
      withLayout(async (writer) => {
        const mediaType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
        await writer.add(await writer.json({ schemaVersion: 1 }, mediaType), 'app');
        return stage.sign(`oci:${writer.directory}:app`);
      }),
  },
  {
    name: 'name in another case',
    run: (stage) => signingManifest(stage, (text) => text.replace(/}$/, ',"Layers":[]}')),
  },
  {
    name: 'name twice',
    run: (stage) => signingManifest(stage, (text) => text.replace(/}$/, ',"layers":[]}')),
  },
  {
    name: 'number with an exponent',
    run: (stage) => signingManifest(stage, (text) => text.replace(/"size":\d+}]/, '"size":1e3}]')),
  },
  {
    name: 'manifest that says it is an index',
    run: (stage) => signingManifest(stage, (text) => text.replace(OCI.manifest, OCI.index)),
  },
  {
    name: 'archive with another image for docker load',
    run: async (stage) => {
      const layout = stage.scratch();
      await writeVectorImage(layout, ['simple-gzip']);
      const other = [{ Config: `blobs/sha256/${'0'.repeat(64)}`, RepoTags: null, Layers: [] }];
      writeFileSync(join(layout, 'manifest.json'), JSON.stringify(other));
      execFileSync('tar', ['-cf', `${layout}.tar`, '-C', layout, '.']);
      return stage.sign(`oci-archive:${layout}.tar`);
    },
  },
  {
    name: 'layout without a blob',
    run: (stage) =>
      signing(stage, { layers: [{ bytes: tar, mediaType: GZIPPED }] }, [], (writer) =>
        rmSync(writer.path(sha256(tar))),
      ),
  },
  {
    name: 'docker that has only a part of the image',
    run: async (stage) => {
      const layout = stage.scratch();
      const { digest } = await writeVectorImage(layout, ['simple-gzip']);
      writeFileSync(join(layout, 'manifest.json'), '[]');
      const [layer] = vectors().filter(({ name }) => name === 'simple-gzip');
      rmSync(join(layout, 'blobs', ...(layer?.digest ?? '').split(':')));
      const images = { 'docker.io/library/app:1': { layout, id: digest } };
      return stage.rootHash('docker-daemon:app:1', [], stage.docker({ store: 'containerd', images }));
    },
  },
  {
    name: 'registry that sends other content',
    run: (stage) =>
      stage.withRegistry(
        ({ method, path }) =>
          method === 'GET' && path.includes('/blobs/') ? { change: () => Buffer.alloc(9) } : undefined,
        (reference) => stage.sign(reference, ['--plain-http']),
      ),
  },
];
