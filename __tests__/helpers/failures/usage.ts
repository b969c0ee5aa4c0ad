import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FailureCase, withLayout } from './stage.ts';

const ARM = { os: 'linux', architecture: 'arm64' };
const EROFS = { bytes: Buffer.from('b'), mediaType: 'application/vnd.erofs.layer.v1+gzip' };

export const USAGE: FailureCase[] = [
  {
    name: 'Action without an image',
    run: async (stage) => ({ part: 'usage', ...(await stage.action({ image: '' })) }),
  },
  {
    name: 'release of oras that leaks credentials',
    run: async (stage) => ({
      part: 'usage',
      ...(await stage.action({ image: stage.image, 'dry-run': 'true', 'oras-version': '1.3.2' })),
    }),
  },
  {
    name: 'image whose digest is an empty output',
    run: (stage) => stage.rootHash('registry.example/app@'),
  },
  { name: 'layout without its prefix', run: (stage) => stage.cli(['inspect', './layout']) },
  { name: 'blob that does not exist', run: (stage) => stage.rootHash('./missing.tar.gz') },
  {
    name: 'name of a layout in the working folder',
    run: (stage) => {
      const cwd = stage.scratch();
      mkdirSync(join(cwd, 'app'));
      writeFileSync(join(cwd, 'app/oci-layout'), '{}');
      return stage.cli(['inspect', 'app:1.0'], { cwd });
    },
  },
  { name: 'word after a boolean', run: (stage) => stage.rootHash(stage.image, ['--plain-http', 'true']) },
  { name: 'two formats', run: (stage) => stage.rootHash(stage.image, ['--json', '--output', 'text']) },
  {
    name: 'signer in a variable that is empty',
    run: (stage) =>
      stage.cli(['verify', stage.image, '--trusted-certificate', 'root.pem', '--signer-identity', '']),
  },
  { name: 'no key', run: (stage) => stage.cli(['sign', stage.image]) },
  {
    name: 'key in a variable that is not set',
    run: (stage) => stage.cli(['sign', stage.image, '--key', 'env://SIGNING_KEY']),
  },
  {
    name: 'key file that does not exist',
    run: (stage) => stage.cli(['sign', stage.image, '--key', join(stage.folder, 'missing.key')]),
  },
  {
    name: 'password without user name',
    run: (stage) =>
      stage.sign(stage.image, ['--registry-password', 'env://PASSWORD'], { env: { PASSWORD: 'x' } }),
  },
  {
    name: 'one user name for two registries',
    run: (stage) => {
      const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
      const images = ['a.example/app:1', 'b.example/app:1'];
      return stage.cli(['root-hash', ...images, ...login], { env: { PASSWORD: 'x' } });
    },
  },
  {
    name: 'registry credentials without a user name',
    run: (stage) => stage.rootHash(stage.image, ['--registry-credentials', 'a.example=env://PASSWORD']),
  },
  {
    name: 'client certificate without its key',
    run: (stage) => stage.rootHash(stage.image, ['--client-certificate', 'client.pem']),
  },
  {
    name: 'client certificate and the key of another',
    run: (stage) => {
      const { certPath } = stage.files('p256');
      const client = ['--client-certificate', certPath, '--client-key', stage.files('p384').keyPath];
      return stage.rootHash('127.0.0.1:1/app:1', client);
    },
  },
  {
    name: 'certificate authority that does not exist',
    run: (stage) => stage.rootHash('127.0.0.1:1/app:1', ['--ca-file', 'missing.pem']),
  },
  {
    name: 'key in place of a reference to it',
    run: (stage) =>
      stage.cli([
        'sign',
        stage.image,
        '--key',
        '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----',
      ]),
  },
  {
    name: 'nothing to trust',
    run: (stage) => stage.cli(['verify', stage.image]),
  },
  {
    name: 'mkfs options without -T',
    run: (stage) => stage.cli(['root-hash', stage.image, '--mkfs-options', '--sort=none']),
  },
  {
    name: 'mkfs options that the default builder does not support',
    run: (stage) => stage.cli(['root-hash', stage.image, '--mkfs-options', '-T0 -zlz4']),
  },
  {
    name: 'mkfs.erofs for the default builder',
    run: (stage) => stage.cli(['root-hash', stage.image, '--mkfs-path', '/usr/bin/mkfs.erofs']),
  },
  {
    name: 'release of erofs-utils that the default builder does not know',
    run: (stage) => stage.cli(['root-hash', stage.image, '--erofs-utils-version', '1.9.99']),
  },
  {
    name: 'reference with capital letters',
    run: (stage) => stage.sign('registry.example/App:1'),
  },
  {
    name: 'platform that the image lacks',
    run: (stage) => stage.sign(stage.image, ['--platform', 'linux/arm64']),
  },
  {
    name: 'layout with two images',
    run: (stage) =>
      withLayout(async (writer) => {
        await writer.add(await writer.image({ layers: ['a'] }), 'a');
        await writer.add(await writer.image({ layers: ['b'] }), 'b');
        return stage.sign(`oci:${writer.directory}`);
      }),
  },
  {
    name: 'docker-archive by its prefix',
    run: (stage) => stage.sign('docker-archive:app.tar'),
  },
  {
    name: 'metadata of a build without images',
    run: (stage) => {
      const file = join(stage.folder, 'metadata.json');
      writeFileSync(file, '{"lint":{"buildx.build.ref":"builder/1"}}');
      return stage.cli(['sign', '--metadata-file', file, '--dry-run']);
    },
  },
  {
    name: 'gate for an image in a registry',
    run: (stage) => stage.sign('registry.example/app:1', ['--push-to', 'registry.example/app:2']),
  },
  {
    name: 'gate for an index with a Linux image that cannot be signed',
    run: (stage) =>
      withLayout(async (writer) => {
        const linux = await writer.image({ layers: ['a'] });
        const erofs = await writer.image({ layers: [EROFS], platform: ARM });
        await writer.add(await writer.index([linux, { ...erofs, platform: ARM }]));
        return stage.withRegistry(
          () => undefined,
          (reference) => {
            const more = ['--layers', 'auto', '--plain-http', '--push-to', `${reference}.gated`];
            return stage.sign(`oci:${writer.directory}`, more);
          },
        );
      }),
  },
  {
    name: 'signing in the docker daemon',
    run: (stage) => stage.sign('docker-daemon:app:1'),
  },
  {
    name: 'image that docker does not have',
    run: (stage) =>
      stage.rootHash('docker-daemon:app:1', [], stage.docker({ store: 'containerd', images: {} })),
  },
  {
    name: 'archive that does not exist',
    run: (stage) => stage.sign(`oci-archive:${join(stage.folder, 'missing.tar')}`),
  },
  { name: 'layout that does not exist', run: (stage) => stage.sign(`oci:${join(stage.folder, 'missing')}`) },
];
