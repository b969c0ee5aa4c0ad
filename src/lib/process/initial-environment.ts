import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { statFields } from '../proc-stat.ts';

/**
 * Erases the environment that this process was started with, which the kernel shows to other processes as
 * /proc/PID/environ. Deleting from `process.env` does not change it: the C library edits a list of pointers,
 * and the kernel shows the memory that they first pointed to. Here every variable gets memory of its own, and
 * the first memory is overwritten. So `process.env` stays as it is, and the file shows only variables in
 * `shown`. A new process (execve) would cost another start, and would lose the descriptors above 2.
 *
 * @param shown names of variables that other processes must see
 * @returns why the kernel still shows the environment, or undefined: it was read back
 */
export function eraseInitialEnvironment(shown: readonly string[]): string | undefined {
  try {
    const start = environmentStart();
    const before = readFileSync('/proc/self/environ');
    const after = onlyVariables(before, shown);
    for (const [name, value] of Object.entries(process.env)) {
      // Some C libraries overwrite a variable in place as long as it is there.
      delete process.env[name];
      process.env[name] = value;
    }
    writeMemory(start, after);
    return readFileSync('/proc/self/environ').equals(after) ? undefined : 'it was not overwritten';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Address of the environment in the memory of this process. */
function environmentStart(): number {
  const { 50: first, 51: behind } = statFields('self');
  const [start, end] = [Number(first), Number(behind)];
  if (Number.isSafeInteger(start) && start > 0 && end >= start) return start;
  throw new RangeError('/proc/self/stat does not say where it is');
}

/** The variables of these names, followed by zeros up to the same length. */
function onlyVariables(environment: Buffer, names: readonly string[]): Buffer {
  const wanted = environment
    .toString('latin1')
    .split('\0')
    .filter((entry) => names.some((name) => entry.startsWith(`${name}=`)));
  const after = Buffer.alloc(environment.length);
  after.write(wanted.map((entry) => `${entry}\0`).join(''), 'latin1');
  return after;
}

/** A process may always write to its own memory. */
function writeMemory(address: number, bytes: Buffer): void {
  const memory = openSync('/proc/self/mem', 'r+');
  try {
    writeSync(memory, bytes, 0, bytes.length, address);
  } finally {
    closeSync(memory);
  }
}
