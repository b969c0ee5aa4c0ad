import { harmlessLines } from '../output/foreign-text.ts';
import { outputColumns, printAlone, requireOutput, surviveClosedPipes } from '../output/standard-streams.ts';
import type { CommandLine, Shown } from './command-line.ts';
import { useProgram } from './commands/program.ts';

/**
 * Runs one command line. Results go to standard output, everything else to standard error.
 * What runs commands is imported for a command to run, so that help and usage errors appear at once.
 *
 * @param hide hides the environment from other processes before a command runs, and returns why they can still
 *   read it, if they can
 */
export async function runCli(args: readonly string[], hide: () => string | undefined): Promise<void> {
  surviveClosedPipes();
  const line = await commandLine(args);
  if (line.command === 'show') {
    printAlone(harmlessLines(line.text.replace(/\n$/, '').split('\n')));
  } else {
    const visible = hide();
    if (convertsLayers(line)) {
      const { startEarly } = await import('../early-start.ts');
      startEarly(line.words);
    }
    const { runCommand } = await import('./run-command.ts');
    await runCommand(line, args, visible);
  }
  await requireOutput();
}

/** Lines that ask about the program as a whole: no option of a command is needed for the answer. */
const GENERAL: readonly string[] = ['--help', '-h', 'help', '--version', '-V'];

function convertsLayers({ command, given }: CommandLine): boolean {
  if (command === 'sign') return given.layers !== 'none';
  if (command === 'verify') return given.recompute !== 'false';
  return command === 'root-hash' || command === 'export';
}

async function commandLine(args: readonly string[]): Promise<CommandLine | Shown> {
  try {
    const width = outputColumns() ?? 0;
    const [first = '', ...others] = args;
    if (others.length === 0 && GENERAL.includes(first)) {
      return { command: 'show', text: useProgram(args, width) };
    }
    const { readCommandLine } = await import('./command-line.ts');
    return readCommandLine(args, width, useProgram);
  } catch (error) {
    const { wantedOutput } = await import('./options/booleans.ts');
    const { json, report } = wantedOutput(args);
    if (json || report !== undefined) {
      const { reportInvalid } = await import('./run-command.ts');
      reportInvalid(args, error);
    }
    throw error;
  }
}
