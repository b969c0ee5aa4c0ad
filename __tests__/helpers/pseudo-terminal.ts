import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { toolEnvironment, toolPath } from './tools.ts';

/** Runs a program on a terminal of that many columns, and copies what the terminal gets to standard output. */
const SCRIPT = `
import fcntl, os, pty, struct, sys, termios
columns, argv = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 50, columns, 0, 0))
    os.execvp(argv[0], argv)
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    os.write(1, chunk)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

import { programPath } from './programs.ts';

export interface TerminalResult {
  status: number | null;
  /** What the terminal got from standard output and error; line feeds are `\r\n`. */
  screen: string;
}

/** Runs the CLI of this checkout on a terminal. */
export async function onTerminal(
  columns: number,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<TerminalResult> {
  const cli = [process.execPath, programPath('cli'), ...args];
  const child = spawn(toolPath('python3'), ['-c', SCRIPT, String(columns), ...cli], {
    cwd: options.cwd,
    env: toolEnvironment({ TERM: 'xterm', ...options.env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  const [status] = await once(child, 'close');
  return { status, screen };
}
