import { release } from 'node:os';
import type { Level } from './level.ts';

/** Limits of one process; all but the last hold for each of its children too. */
export interface Limits {
  /** Bytes of private memory. */
  memory: number;
  /** Bytes of address space, shared memory included. */
  addressSpace: number;
  /** Seconds of processor time. */
  processorSeconds: number;
  /** Bytes of one file. */
  fileSize: number;
  /** Processes and threads together. */
  processes: number;
}

/** The command before a program that limits it; core files are never written. [prlimit(1)] */
export function prlimit(limits: Limits, level: Level): string[] {
  const { memory, addressSpace, processorSeconds, fileSize, processes } = limits;
  return [
    'prlimit',
    '--core=0',
    `--data=${memory}`,
    `--as=${addressSpace}`,
    // SIGXCPU first: it tells why the program ended.
    `--cpu=${processorSeconds}:${processorSeconds + 1}`,
    `--fsize=${fileSize}`,
    ...(countsProcesses(level) ? [`--nproc=${processes}`] : []),
    '--',
  ];
}

/**
 * Whether the kernel counts the processes of this program only: since Linux 5.14 it counts by user namespace,
 * before that it counted all processes of the user. Root's are never limited.
 */
export function countsProcesses({ namespaces, nobody }: Level, kernel = release()): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number);
  return (namespaces === 'mapped' || nobody) && (major > 5 || (major === 5 && minor >= 14));
}
