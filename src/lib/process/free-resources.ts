import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Limits above this are not looked at: to count the threads of a user takes time. */
const PLENTY = 4096;

/**
 * File descriptors that this process may still open; infinite where that is not known, as without /proc.
 * @param proc the folder of proc(5)
 */
export function freeDescriptors(proc = '/proc'): number {
  const limit = softLimit(proc, 'Max open files');
  if (limit > PLENTY) return limit;
  try {
    // One of them is that of the folder itself.
    return limit - (readdirSync(join(proc, 'self/fd')).length - 1);
  } catch {
    return 0;
  }
}

/**
 * Threads that this process may still start, by the limits of its user and of its cgroup; infinite where they
 * are not known.
 * @param proc the folder of proc(5)
 */
export function freeThreads(proc = '/proc'): number {
  const limit = process.geteuid?.() === 0 ? Number.POSITIVE_INFINITY : softLimit(proc, 'Max processes');
  const own = limit > PLENTY ? limit : limit - threadsOfUser(proc, process.getuid?.() ?? 0);
  return Math.min(own, freeInCgroup(proc));
}

/** [proc_pid_limits(5)] */
function softLimit(proc: string, name: string): number {
  const line = read(join(proc, 'self/limits'))
    .split('\n')
    .find((text) => text.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** [proc_pid_status(5)] Other users' processes may be invisible, but not this user's. */
function threadsOfUser(proc: string, uid: number): number {
  let threads = 0;
  for (const pid of readdirSync(proc).filter((name) => /^\d+$/.test(name))) {
    const status = read(join(proc, pid, 'status'));
    const [, owner] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
    if (owner === String(uid)) threads += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return threads;
}

/** [kernel: Documentation/admin-guide/cgroup-v2.rst, PID] A container sees its own cgroup as the root. */
function freeInCgroup(proc: string): number {
  const [, path = '/'] = /^0::(.*)$/m.exec(read(join(proc, 'self/cgroup'))) ?? [];
  const folder = join('/sys/fs/cgroup', path);
  const limit = read(join(folder, 'pids.max')).trim();
  if (limit === '' || limit === 'max') return Number.POSITIVE_INFINITY;
  return Number(limit) - Number(read(join(folder, 'pids.current')));
}

/** Empty for a file that cannot be read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
