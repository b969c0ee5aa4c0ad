import { spawnSync } from 'node:child_process';
import { toolPath } from '../tools.ts';
import type { ImageConfig } from './unpacked.ts';

const ROOT = process.geteuid?.() === 0;

export interface InRootResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command as a container of the image would: in its root folder, with its user, environment and working
 * folder, and nothing else. There is no /proc and no /dev. Without root's rights, a user namespace gives the user id.
 */
export function inRoot(
  root: string,
  { User: user, Env, WorkingDir }: ImageConfig['config'],
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): InRootResult {
  const [uid, gid] = user.split(':');
  const change = ROOT
    ? [toolPath('chroot'), `--userspec=${user}`, root]
    : [toolPath('unshare'), `--map-user=${uid}`, `--map-group=${gid}`, `--root=${root}`];
  const [program = '', ...rest] = [
    ...change,
    ...['/bin/sh', '-c', `cd ${WorkingDir} && exec "$@"`, 'sh'],
    ...argv,
  ];
  const variables = Object.fromEntries(Env.map((line) => line.split('=', 2) as [string, string]));
  const { error, status, stdout, stderr } = spawnSync(program, rest, {
    env: { ...variables, HOME: '/home/verity-sign', ...env },
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
