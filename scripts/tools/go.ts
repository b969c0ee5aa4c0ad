import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN, command, find, TOOLS } from './common.ts';
import { GO, GO_SOURCES } from './pins.ts';
import type { Tool } from './tool.ts';

const FOLDER = join(TOOLS, 'go');
/** The first Go that fetches the version which a module asks for. */
const OLDEST_MINOR = 21;

/**
 * Go fetches the toolchain that a module asks for through the module proxy. Its caches are in `.tools`
 * unless the environment names others; `rm -r` can remove them. No C compiler is used unless `more` says so.
 */
function goEnvironment(): Record<string, string> {
  return {
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'auto',
    GOPATH: join(TOOLS, 'go-path'),
    GOCACHE: process.env.GOCACHE ?? join(TOOLS, 'go-cache'),
    GOMODCACHE: process.env.GOMODCACHE ?? join(TOOLS, 'go-modules'),
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
  };
}

/** Runs go; returns its standard output. */
export function go(
  args: readonly string[],
  cwd = TOOLS,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  return command(['go', ...args], cwd, { ...goEnvironment(), ...more });
}

/** Whether the system's Go is one that can fetch newer versions. */
export async function hasGo(): Promise<boolean> {
  if (existsSync(join(BIN, 'go')) || find('go') === undefined) return false;
  const said = await command(['go', 'env', 'GOVERSION'], TOOLS, { GOTOOLCHAIN: 'local' }).catch(() => '');
  return isNewEnough(said.trim());
}

/** @param version such as `go1.21.3` */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || (major === '1' && Number(minor) >= OLDEST_MINOR);
}

/** Go, for a system that has none or an old one. */
export const GO_TOOL: Tool = {
  name: 'go',
  description: `${GO.package}, Debian ${GO.suite}`,
  programs: ['go'],
  inputs: [GO, GO_SOURCES],
  demo: false,
  needs: ['debian'],
  seconds: 20,
  megabytes: 240,
  install: async (origin) => {
    const archive = await origin.requireArchive('go');
    const fresh = `${FOLDER}.new`;
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    for (const pin of [GO, GO_SOURCES]) await archive.unpack(pin, fresh);
    await rm(FOLDER, { recursive: true, force: true });
    await rename(fresh, FOLDER);
    const [release = ''] = (await readdir(join(FOLDER, 'usr/lib'))).filter((name) => name.startsWith('go-'));
    await rm(join(BIN, 'go'), { force: true });
    await symlink(`../go/usr/lib/${release}/bin/go`, join(BIN, 'go'));
    await go(['version']);
  },
};
