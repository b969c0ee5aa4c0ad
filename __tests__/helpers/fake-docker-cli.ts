// Strict fake of the docker CLI: info, image inspect and save, with the words and forms of docker 28 and moby.
// It refuses every other argument and every environment variable that docker-daemon: must not pass on.
// Forms: docker/cli cli/command/system/info.go, image/inspect.go, image/save.go; moby daemon/containerd
// image_exporter.go (a name without a tag saves all tags; entries are named by io.containerd.image.name).
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeSync } from 'node:fs';
import type { FakeDaemon } from './fake-docker.ts';

const SOCKET = 'unix:///var/run/docker.sock';
const ALLOWED = new Set(
  'PATH HOME LC_ALL PWD DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH'.split(
    ' ',
  ),
);

const [state = '', log = '', ...args] = process.argv.slice(2);
const daemon = JSON.parse(readFileSync(state, 'utf8')) as FakeDaemon;
appendFileSync(log, `${JSON.stringify({ args, env: process.env })}\n`);

function fail(message: string, status = 1): never {
  writeSync(2, `${message}\n`);
  process.exit(status);
}

/** The checks of every call that needs the daemon. */
function connect(path: string): void {
  if (daemon.fault === 'no-daemon') {
    fail(`Cannot connect to the Docker daemon at ${SOCKET}. Is the docker daemon running?`);
  }
  if (daemon.fault === 'no-permission') {
    const url = `http://%2Fvar%2Frun%2Fdocker.sock/v1.51${path}`;
    fail(
      `permission denied while trying to connect to the Docker daemon socket at ${SOCKET}: Get "${url}": dial unix /var/run/docker.sock: connect: permission denied`,
    );
  }
  if (daemon.fault === 'old-client') {
    fail(
      'Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
    );
  }
}

function find(name: string): { layout: string; id: string } {
  const found = daemon.images[name];
  if (found === undefined)
    fail(`Error response from daemon: No such image: ${name.replace('docker.io/library/', '')}`);
  return found;
}

for (const name of Object.keys(process.env)) {
  if (!ALLOWED.has(name)) fail(`fake docker: ${name} must not be in its environment`, 125);
}

const [first, second] = args;
if (first === 'info' && args.length === 3 && second === '--format' && args[2] === '{{json .DriverStatus}}') {
  if (daemon.fault === 'info-exits-0') {
    writeSync(1, 'null\n');
    fail(`Cannot connect to the Docker daemon at ${SOCKET}. Is the docker daemon running?`, 0);
  }
  connect('/info');
  const status =
    daemon.store === 'containerd'
      ? [['driver-type', 'io.containerd.snapshotter.v1']]
      : [
          ['Backing Filesystem', 'extfs'],
          ['Supports d_type', 'true'],
          ['Using metacopy', 'false'],
          ['Native Overlay Diff', 'true'],
          ['userxattr', 'false'],
        ];
  writeSync(1, `${JSON.stringify(status)}\n`);
} else if (first === 'image' && second === 'inspect' && args.length === 5) {
  if (args[2] !== '--format' || args[3] !== '{{json .}}') fail('unknown flag');
  const name = args[4] ?? '';
  connect(`/images/${name}/json`);
  const { id } = find(name);
  const descriptor = { mediaType: 'application/vnd.oci.image.index.v1+json', digest: id, size: 1 };
  const answer = {
    Id: id,
    RepoTags: [name],
    RepoDigests: [],
    Architecture: 'amd64',
    Os: 'linux',
    ...(daemon.store === 'containerd' && daemon.descriptors !== false ? { Descriptor: descriptor } : {}),
  };
  writeSync(1, `${JSON.stringify(answer)}\n`);
} else if (first === 'save' && args.length === 2) {
  if (process.stdout.isTTY) fail('cowardly refusing to save to a terminal. Use the -o flag or redirect');
  const name = args[1] ?? '';
  connect('/images/get');
  // docker saves every tag of such a name, which no caller may want.
  if (!/:[^/]+$/.test(name)) fail('fake docker: the name has no tag', 125);
  const { layout } = find(name);
  if (daemon.fault === 'save-hangs') await new Promise((resolve) => setTimeout(resolve, 60_000));
  const breaks = daemon.fault === 'save-breaks';
  const tar = spawnSync(
    'tar',
    ['-cf', '-', '-C', layout, 'blobs', 'index.json', 'manifest.json', 'oci-layout'],
    {
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: process.env.PATH },
    },
  );
  if (tar.status !== 0) fail(`fake docker: ${tar.stderr}`, 125);
  const bytes = breaks ? tar.stdout.subarray(0, tar.stdout.length / 2) : tar.stdout;
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  if (breaks) fail('Error response from daemon: write /dev/stdout: unexpected EOF');
} else {
  fail(`unknown command or flag: docker ${args.join(' ')}\n\nRun 'docker --help' for more information`, 125);
}
