import { harmlessLines } from '../output/foreign-text.ts';
import { outputColumns, printResult, requireOutput, surviveClosedPipes } from '../output/standard-streams.ts';
import { type CommandLine, readCommandLine, type Shown } from './command-line.ts';

/**
 * Runs one command line. Results go to standard output, everything else to standard error.
 * What runs commands is imported for a command to run, so that help and usage errors appear at once.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runCli(args: readonly string[], visible?: string): Promise<void> {
  surviveClosedPipes();
  const line = await commandLine(args);
  if (line.command === 'show') {
    printResult(harmlessLines(line.text.replace(/\n$/, '').split('\n')));
  } else {
    const { runCommand } = await import('./run-command.ts');
    await runCommand(line, args, visible);
  }
  await requireOutput();
}

async function commandLine(args: readonly string[]): Promise<CommandLine | Shown> {
  try {
    return readCommandLine(args, outputColumns());
  } catch (error) {
    const { reportInvalid } = await import('./run-command.ts');
    reportInvalid(args, error);
    throw error;
  }
}
