import { readFileSync } from 'node:fs';

/**
 * The fields of /proc/PID/stat, each at its number in proc_pid_stat(5); those before 3, the state, are empty.
 * @throws the error of the system
 */
export function statFields(pid: number | 'self'): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program, in parentheses, may itself contain blanks and parentheses.
  return ['', '', '', ...text.slice(text.lastIndexOf(')') + 2).split(' ')];
}
