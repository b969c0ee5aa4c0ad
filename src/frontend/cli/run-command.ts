import { errorReport, failedImage, failedSource } from '../../report/failed-image.ts';
import { renderDocument } from '../../report/report.ts';
import { inputOf, inputsOf, type Surface } from '../inputs/catalog.ts';
import { harmlessJson } from '../output/foreign-text.ts';
import { printError, printResult } from '../output/standard-streams.ts';
import type { CommandLine } from './command-line.ts';
import { runOnImages } from './image-commands.ts';
import { wantedOutput } from './options/booleans.ts';
import { checkCommandLine, type Invocation } from './parse-args.ts';
import { RunOutput } from './run-output.ts';

/**
 * Runs a command. Each imports its code when it runs.
 *
 * @param args the command line as a whole
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runCommand(
  line: CommandLine,
  args: readonly string[],
  visible: string | undefined,
): Promise<void> {
  const invocation = checked(line, args);
  if (invocation.command === 'version') {
    const { printVersion } = await import('./print-version.ts');
    await printVersion(invocation);
  } else if (invocation.command === 'csr') {
    const { runCsr } = await import('./run-csr.ts');
    await runCsr(invocation, visible);
  } else if (invocation.command === 'doctor') {
    const { runDoctor } = await import('./node/run-doctor.ts');
    await runDoctor(invocation, visible);
  } else if (invocation.command === 'node-kit') {
    const { runNodeKit } = await import('./node/run-node-kit.ts');
    await runNodeKit(invocation, visible);
  } else if (invocation.command === 'ipe-policy') {
    const { runIpePolicy } = await import('./node/run-ipe-policy.ts');
    await runIpePolicy(invocation, visible);
  } else {
    await runOnImages(invocation, visible);
  }
}

function checked(line: CommandLine, args: readonly string[]): Invocation {
  try {
    return checkCommandLine(line, process.env);
  } catch (error) {
    reportInvalid(args, error);
    throw error;
  }
}

/**
 * An invalid command line has a report, too, if one is to be printed or written: an empty one, or that of an earlier
 * run, would pass for success.
 */
export function reportInvalid(args: readonly string[], error: unknown): void {
  const { command, json, report } = wantedOutput(args);
  // csr prints a request, never JSON. The output of doctor and version is an object, about no image.
  if (command === 'csr') return;
  if (command === 'doctor' || command === 'version') {
    if (json) printResult(harmlessJson(renderDocument(failedImage(undefined, errorReport(error)))));
    return;
  }
  const failed = command === 'root-hash' ? failedSource : failedImage;
  const output = new RunOutput({
    json,
    log: 'normal',
    ...(report !== undefined && mayWriteReport(command) ? { report } : {}),
  });
  try {
    output.check();
  } catch (refused) {
    printError(refused);
  }
  output.report([failed(undefined, errorReport(error))], { error });
}

/** Not a command that has no such option: the file may be one that it is to read. */
function mayWriteReport(command: string | undefined): boolean {
  const surface = command as Surface;
  return inputsOf(surface).length === 0 || inputOf('report', surface) !== undefined;
}
