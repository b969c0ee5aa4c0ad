import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Watch {
  stop(): Promise<number>;
}

/** Follows the peak of a process's resident memory until `stop`, which returns it in MB. */
export function watchMemory(pid: number): Watch {
  return watchPeak(() => highWater(pid) / 1_000_000);
}

/** Follows the processor time of a process, with all its threads, until `stop`, which returns it in seconds. */
export function watchProcessorTime(pid: number): Watch {
  return watchPeak(() => processorSeconds(pid));
}

function watchPeak(read: () => number): Watch {
  let peak = 0;
  let watching = true;
  const watched = (async () => {
    while (watching) {
      peak = Math.max(peak, read());
      await sleep(10);
    }
  })();
  return {
    stop: async () => {
      watching = false;
      await watched;
      return peak;
    },
  };
}

/** User and system time; 0 once the process has ended. [proc_pid_stat(5), utime and stime in 1/100 s] */
function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return 0;
  }
}

/** Peak of the resident memory in bytes; 0 once the process has ended. [proc_pid_status(5), VmHWM] */
function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
