import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { paxHeader, rawTar } from '../raw-tar.ts';
import { inNamespace, inNamespaceAsRoot } from '../run-child.ts';
import { toolPath } from '../tools.ts';
import { type Vector, vectors } from '../vector-image.ts';
import type { FailureCase, Stage } from './stage.ts';

const mkfs = (path: string): string[] => ['--mkfs-path', path];
const says = (version: string): string =>
  `[ "$*" = --version ] && echo 'mkfs.erofs (erofs-utils) ${version}' && exit 0`;
/** oras is installed only for a run that reaches a registry. */
const pushing = ({ image }: Stage) => ({ image, 'dry-run': 'true', 'push-to': '127.0.0.1:1/app:1' });
const MKFS = ['--builder', 'mkfs'];
const rootHash = (stage: Stage, more: readonly string[] = []) => ['root-hash', stage.image, ...MKFS, ...more];

export const ENVIRONMENT: FailureCase[] = [
  {
    name: 'no mkfs.erofs',
    run: (stage) =>
      stage.cli(rootHash(stage), {
        prefix: inNamespaceAsRoot(
          `for path in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
             if [ -e $path/mkfs.erofs ]; then mount --bind /dev/null $path/mkfs.erofs; fi
           done`,
          [],
        ),
        env: { PATH: '/usr/bin:/bin' },
      }),
  },
  {
    name: 'mkfs.erofs that is too old',
    run: (stage) => stage.cli(rootHash(stage, mkfs(stage.script('mkfs.erofs', says('1.8.2'))))),
  },
  {
    name: 'mkfs.erofs 1.9.0',
    run: (stage) => stage.cli(rootHash(stage, mkfs(stage.script('mkfs.erofs', says('1.9.0'))))),
  },
  {
    name: 'mkfs.erofs that makes other images',
    run: (stage) => {
      const body = `${says('1.9.4')}\ncat > /dev/null\nhead -c 4096 /dev/zero > "$IMAGE"`;
      return stage.cli(rootHash(stage, mkfs(stage.script('mkfs.erofs', body))));
    },
  },
  {
    name: 'no way to be root',
    run: (stage) => {
      const refusing = stage.script('refusing', 'echo "not permitted here" >&2; exit 1');
      const forbid = [
        `mount --bind '${refusing}' '${toolPath('unshare')}'`,
        `if command -v sudo >/dev/null; then mount --bind '${refusing}' "$(command -v sudo)"; fi`,
      ].join('\n');
      return stage.cli(rootHash(stage), { prefix: inNamespace(stage.scratch(), forbid, []) });
    },
  },
  {
    name: 'temporary folder without space',
    run: (stage) => {
      const temp = stage.scratch();
      const mount = `mount -t tmpfs -o size=512k none '${temp}'`;
      const args = ['root-hash', vector('threelevels-gzip').path, ...MKFS, '--temp-dir', temp];
      return stage.cli(args, { prefix: inNamespaceAsRoot(mount, []) });
    },
  },
  {
    name: 'temporary folder that does not exist',
    run: (stage) => stage.cli(rootHash(stage, ['--temp-dir', join(stage.folder, 'missing')])),
  },
  {
    name: 'layout that the system does not let this user read',
    run: (stage) => {
      const loop = join(stage.scratch(), 'loop');
      symlinkSync('loop', loop);
      return stage.sign(`oci:${loop}`);
    },
  },
  {
    name: 'mkfs.erofs that hangs on a layer',
    run: (stage) => {
      // A layer's UUID is on the command line: the known-answer test passes, this layer hangs.
      const { path, profiles } = vector('threelevels-gzip');
      const real = toolPath('mkfs.erofs');
      const body = `case "$*" in *${profiles.containerd.uuid}*) exec sleep 60;; *) exec '${real}' "$@";; esac`;
      const options = [...mkfs(stage.script('mkfs.erofs', body)), '--timeout', '3s'];
      return stage.cli(['root-hash', path, ...MKFS, ...options]);
    },
  },
  {
    name: 'layer that makes mkfs.erofs use too much memory',
    run: (stage) => {
      const names = Array.from({ length: 400 }, (_, number) => `${number}${'/a'.repeat(1999)}`);
      const tar = rawTar(...names.flatMap((path) => [paxHeader({ path }), { name: 'deep' }]));
      return stage.cli(['root-hash', compressed(stage, tar), ...MKFS]);
    },
  },
  {
    name: 'layer that makes mkfs.erofs use too much processor time',
    run: (stage) => {
      // Its time is quadratic in the number of entries of a folder.
      const tar = rawTar(...Array.from({ length: 100_000 }, (_, number) => ({ name: `folder/${number}` })));
      return stage.cli(['root-hash', compressed(stage, tar), ...MKFS, '--timeout', '30s']);
    },
  },
  {
    name: 'no oras',
    run: (stage) => stage.rootHash('127.0.0.1:1/app:1', [], { env: { PATH: stage.scratch() } }),
  },
  {
    name: 'oras that is too old',
    run: (stage) => {
      const path = stage.script('oras', "echo 'Version:        1.1.0'");
      return stage.rootHash('127.0.0.1:1/app:1', ['--oras-path', path]);
    },
  },
  {
    name: 'oras that leaks credentials',
    run: (stage) => {
      const path = stage.script('oras', "echo 'Version:        1.3.2'");
      const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
      const options = { env: { PASSWORD: 'secret' } };
      return stage.rootHash('127.0.0.1:1/app:1', ['--oras-path', path, ...login], options);
    },
  },
  {
    name: 'Node.js that is too old',
    run: (stage) => {
      const preload = join(stage.scratch(), 'old-node.mjs');
      const version = "{ ...process.versions, node: '20.19.0' }";
      writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${version} });\n`);
      return stage.cli(['--help'], { env: { NODE_OPTIONS: `--import ${pathToFileURL(preload)}` } });
    },
  },
  {
    name: 'no docker CLI',
    run: (stage) => stage.rootHash('docker-daemon:app:1', [], { env: { PATH: stage.scratch() } }),
  },
  {
    name: 'no docker daemon',
    run: (stage) => {
      const daemon = stage.docker({ store: 'containerd', images: {}, fault: 'no-daemon' });
      return stage.rootHash('docker-daemon:app:1', [], daemon);
    },
  },
  {
    name: 'classic image store of docker',
    run: (stage) => {
      const id = stage.manifest.digest;
      const images = { 'docker.io/library/app:1': { layout: join(stage.folder, 'layout'), id } };
      return stage.rootHash('docker-daemon:app:1', [], stage.docker({ store: 'classic', images }));
    },
  },
  {
    name: 'mirror without oras',
    run: (stage) => {
      const mirror = pathToFileURL(stage.scratch()).href;
      return stage.action({ ...pushing(stage), 'oras-download-url': mirror });
    },
  },
  {
    name: 'mirror with another oras',
    run: (stage) => {
      const file = join(stage.scratch(), 'oras.tar.gz');
      writeFileSync(file, 'not oras');
      const url = pathToFileURL(file).href;
      return stage.action({ ...pushing(stage), 'oras-download-url': url });
    },
  },
  {
    name: 'too few open files',
    run: (stage) =>
      stage.rootHash(stage.image, [], { prefix: ['sh', '-c', 'ulimit -n 26; exec "$@"', 'sh'] }),
  },
  {
    name: 'standard output on a full disk',
    run: (stage) => stage.rootHash(stage.image, [], { prefix: ['sh', '-c', 'exec "$@" >/dev/full', 'sh'] }),
  },
  {
    name: 'folder in the place of a lock',
    run: (stage) => {
      const layout = stage.copyOfLayout();
      mkdirSync(join(layout, 'index.json.lock'));
      return stage.sign(`oci:${layout}`);
    },
  },
  {
    name: 'report on a full disk',
    run: (stage) =>
      stage.sign(stage.image, ['--dry-run', '--report', '/dev/full'], { env: { TMPDIR: stage.scratch() } }),
  },
  {
    name: 'report in a folder that cannot be created',
    run: (stage) => {
      const file = join(stage.scratch(), 'file');
      writeFileSync(file, '');
      return stage.sign(stage.image, ['--dry-run', '--report', join(file, 'report.json')]);
    },
  },
];

/** A file with a layer blob. */
function compressed(stage: Stage, tar: Buffer): string {
  const path = join(stage.scratch(), 'layer.tar.gz');
  writeFileSync(path, gzipSync(tar));
  return path;
}

function vector(name: string): Vector {
  const found = vectors().find((candidate) => candidate.name === name);
  if (found === undefined) throw new TypeError(name);
  return found;
}
