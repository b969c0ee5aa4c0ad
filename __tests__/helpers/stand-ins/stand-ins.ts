import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolPath } from '../tools.ts';
import type { Look, Orders } from './look-around.ts';

const LOOK_AROUND = fileURLToPath(new URL('./look-around.ts', import.meta.url));

/** Programs that look around for planted secrets before they do the work of the real ones. */
export interface StandIns {
  oras: string;
  mkfs: string;
  /** JavaScript for a notation plugin: looks around in the middle of its call. */
  inPlugin: string;
  /** What they saw so far. */
  looks(): Look[];
}

/**
 * Writes the stand-ins into a new folder, where any user can run them.
 *
 * @param secrets what they look for, by a name
 * @param folders where they look for files, beside /dev/shm
 * @param drain whether they look only while they have a pipe to read from, read all pipes away, and then
 *   wait instead of doing the work
 */
export function standIns(
  folder: string,
  secrets: Readonly<Record<string, string>>,
  folders: readonly string[],
  drain = false,
): StandIns {
  mkdirSync(folder, { recursive: true });
  const orders: Orders = {
    backwards: Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [name, [...value].reverse().join('')]),
    ),
    folders: [...folders, '/dev/shm'],
    report: join(folder, 'looks'),
    drain,
  };
  const ordersPath = join(folder, 'orders.json');
  writeFileSync(ordersPath, JSON.stringify(orders));
  writeFileSync(orders.report, '');
  chmodSync(orders.report, 0o666);
  const look = (name: string): string[] => [process.execPath, '--no-warnings', LOOK_AROUND, ordersPath, name];
  const program = (name: string): string => {
    const path = join(folder, name);
    const lines = [
      '#!/bin/sh',
      // Node needs more memory than oras gets to list referrers.
      'limit=$(ulimit -S -d); ulimit -S -d "$(ulimit -H -d)"',
      drain ? `[ -p /dev/stdin ] || exec '${toolPath(name)}' "$@"` : '',
      `${look(name)
        .map((word) => `'${word}'`)
        .join(' ')} </dev/null >/dev/null || exit 98`,
      'ulimit -S -d "$limit"',
      drain ? 'exec sleep 5' : `exec '${toolPath(name)}' "$@"`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const [node, ...args] = look('plugin');
  return {
    oras: program('oras'),
    mkfs: program('mkfs.erofs'),
    inPlugin: `require('node:child_process').execFileSync(${JSON.stringify(node)}, ${JSON.stringify(args)}, { env: {}, stdio: 'ignore' });`,
    looks: () =>
      readFileSync(orders.report, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Look),
  };
}
