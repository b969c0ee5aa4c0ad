import { errorReport, failedImage, failedSource } from '../../report/failed-image.ts';
import { renderDocument } from '../../report/report.ts';
import { harmlessJson, harmlessLines } from '../output/foreign-text.ts';
import { outputColumns, printResult, requireOutput, surviveClosedPipes } from '../output/standard-streams.ts';
import { runOnImages } from './image-commands.ts';
import { wantedOutput } from './options/booleans.ts';
import { type Invocation, parseCommandLine } from './parse-args.ts';
import { RunOutput } from './run-output.ts';

/**
 * Runs one command line. Results go to standard output, everything else to standard error.
 * Each command imports its code when it runs, so that help and usage errors appear at once.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runCli(args: readonly string[], visible?: string): Promise<void> {
  surviveClosedPipes();
  const invocation = readCommandLine(args);
  if (invocation.command === 'show') {
    printResult(harmlessLines(invocation.text.replace(/\n$/, '').split('\n')));
  } else if (invocation.command === 'version') {
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
  await requireOutput();
}

/** An invalid command line has a report, too, if one is to be printed: an empty one would pass for success. */
function readCommandLine(args: readonly string[]): Invocation {
  try {
    return parseCommandLine(args, process.env, outputColumns());
  } catch (error) {
    const { command, json } = wantedOutput(args);
    if (json && command === 'doctor') {
      printResult(harmlessJson(renderDocument(failedImage(undefined, errorReport(error)))));
    } else if (json && command !== 'version' && command !== 'csr') {
      const failed = command === 'root-hash' ? failedSource : failedImage;
      new RunOutput({ json, log: 'normal' }).report([failed(undefined, errorReport(error))]);
    }
    throw error;
  }
}
