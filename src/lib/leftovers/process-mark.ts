/**
 * The mark of a process in the names of its temporary files and in its locks. It says where the process
 * ran and which one it was, so that a later run can prove that it has ended.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { statFields } from '../proc-stat.ts';

/**
 * `BOOT-NAMESPACE-PID-START`: 16 hexadecimal digits for the boot and the time namespace, the inode of the
 * PID namespace, the process, and its start in clock ticks since the boot. All but the process are 0
 * where there is no /proc. [proc_pid_stat(5), namespaces(7)]
 */
const MARK = /^([0-9a-f]{16})-(\d{1,12})-(\d{1,10})-(\d{1,20})$/;
const UNKNOWN_BOOT = '0'.repeat(16);

/** Whether the process of a mark has ended; `unknown` for another machine, boot or PID namespace. */
export type Liveness = 'dead' | 'alive' | 'unknown';

let own: string | undefined;

/** The mark of this process. */
export function ownMark(): string {
  own ??= [bootId(), namespaceId('pid') ?? '0', process.pid, statOf('self')?.start ?? '0'].join('-');
  return own;
}

export function isMark(text: string): boolean {
  return MARK.test(text);
}

/** @param mark the text of a mark; anything else is `unknown` */
export function livenessOf(mark: string): Liveness {
  const [, boot, namespace, pidText = '', start] = MARK.exec(mark) ?? [];
  const [ownBoot, ownNamespace] = ownMark().split('-');
  if (boot !== ownBoot || namespace !== ownNamespace || boot === UNKNOWN_BOOT) return 'unknown';
  const pid = Number(pidText);
  if (!exists(pid)) return 'dead';
  // A /proc of another namespace has other numbers.
  if (!hasOwnProc()) return pid === process.pid ? 'alive' : 'unknown';
  const stat = statOf(pid);
  if (stat === undefined) return 'unknown';
  return stat.start !== start || stat.hasEnded ? 'dead' : 'alive';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether /proc shows the PID namespace of this process. */
function hasOwnProc(): boolean {
  return attempt(() => readlinkSync('/proc/self')) === String(process.pid);
}

function statOf(pid: number | 'self'): { start: string; hasEnded: boolean } | undefined {
  const { 3: state = '', 22: start = '' } = attempt(() => statFields(pid)) ?? [];
  return /^\d+$/.test(start) ? { start, hasEnded: 'ZX'.includes(state) } : undefined;
}

/** Start times are comparable within one boot and one time namespace. [time_namespaces(7)] */
function bootId(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  if (boot === undefined || namespaceId('pid') === undefined) return UNKNOWN_BOOT;
  return createHash('sha256')
    .update(`${boot} ${namespaceId('time') ?? ''}`)
    .digest('hex')
    .slice(0, 16);
}

function namespaceId(kind: 'pid' | 'time'): string | undefined {
  return /\[(\d+)\]/.exec(attempt(() => readlinkSync(`/proc/self/ns/${kind}`)) ?? '')?.[1];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
