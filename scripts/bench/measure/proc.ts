import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

const PAGE = 4096;

/** Parent in the text of /proc/PID/stat; the name before it may hold blanks and parentheses. [proc(5)] */
export function parentOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Resident bytes in the text of /proc/PID/statm. */
export function residentBytes(statm: string): number {
  return Number(statm.split(' ')[1]) * PAGE;
}

/** Peak of resident bytes in the text of /proc/PID/status; 0 if the line is missing. */
export function highWaterBytes(status: string): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Seconds of user and system time, of all threads, in the text of /proc/PID/stat. [proc_pid_stat(5)] */
export function processorSeconds(stat: string): number {
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user ?? 0) + Number(system ?? 0)) / 100;
}

/** The text of a file of a process, or undefined if the process has ended. */
export function procText(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Numbers of all processes, ascending. */
export function processes(): number[] {
  // The kernel lists them in this order.
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Bytes on disk of deleted files that a process holds open. */
export function unlinkedBytes(pid: number, seen: Set<string>): number {
  let bytes = 0;
  for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const path = `/proc/${pid}/fd/${fd}`;
    const stat = attempt(() => statSync(path));
    if (stat === undefined || !stat.isFile() || stat.nlink > 0) continue;
    const id = `${stat.dev}:${stat.ino}`;
    // A memfd is memory, not disk.
    if (seen.has(id) || attempt(() => readlinkSync(path))?.startsWith('/memfd:') !== false) continue;
    seen.add(id);
    bytes += stat.blocks * 512;
  }
  return bytes;
}

/** Bytes on disk of everything in a folder. Files that vanish meanwhile count nothing. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) bytes += folderBytes(path);
    else if (entry.isFile()) bytes += (attempt(() => statSync(path).blocks) ?? 0) * 512;
  }
  return bytes;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
