import { readCommandLine, type Shown } from '../../src/frontend/cli/command-line.ts';
import { checkCommandLine, type Invocation } from '../../src/frontend/cli/parse-args.ts';

/** Reads and checks a command line, as the program does in two steps. */
export function parseCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  helpWidth?: number,
): Invocation | Shown {
  const line = readCommandLine(args, helpWidth);
  return line.command === 'show' ? line : checkCommandLine(line, env);
}
