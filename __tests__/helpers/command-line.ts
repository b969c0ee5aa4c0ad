import { readCommandLine, type Shown } from '../../src/frontend/cli/command-line.ts';
import { useProgram } from '../../src/frontend/cli/commands/program.ts';
import { checkCommandLine, type Invocation } from '../../src/frontend/cli/parse-args.ts';

/** Reads and checks a command line, as the program does in two steps. */
export function parseCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  helpWidth = 80,
): Invocation | Shown {
  const line = readCommandLine(args, helpWidth, useProgram);
  return line.command === 'show' ? line : checkCommandLine(line, env);
}
