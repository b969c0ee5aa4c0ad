// Strict fake of the docker CLI with its daemon, for machines without a docker engine.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./fake-docker-cli.ts', import.meta.url));

/** The daemon's version and images. */
export interface FakeDaemon {
  store: 'containerd' | 'classic';
  /** By full name with tag, such as `docker.io/library/app:1.0`: a folder that is laid out as `docker save` does. */
  images: Record<string, { layout: string; id: string }>;
  /** Whether `image inspect` has `Descriptor`: since API 1.48. Default true. */
  descriptors?: boolean;
  /** The fault of the daemon. */
  fault?: 'no-daemon' | 'no-permission' | 'old-client' | 'info-exits-0' | 'save-breaks' | 'save-hangs';
}

export interface FakeDocker {
  /** The folder to put before PATH. */
  folder: string;
  /** A file with one line of JSON for each call: arguments and environment. */
  log: string;
}

/** Writes an executable `docker` into `folder`. */
export function fakeDocker(folder: string, daemon: FakeDaemon): FakeDocker {
  mkdirSync(folder, { recursive: true });
  const state = join(folder, 'daemon.json');
  const log = join(folder, 'calls.log');
  writeFileSync(state, JSON.stringify(daemon));
  writeFileSync(log, '');
  const path = join(folder, 'docker');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${SCRIPT}' '${state}' '${log}' "$@"\n`);
  chmodSync(path, 0o755);
  return { folder, log };
}
