import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RunContext } from '../pipeline/options.ts';
import { rootHashes } from '../pipeline/root-hash.ts';
import { signImage } from '../pipeline/sign-image.ts';
import { renderReport, renderRootHashes, type SignReport } from '../report/report.ts';
import { type Invocation, parseCommandLine } from './cli-options.ts';
import { consoleLogger } from './console-reporter.ts';
import { abortOnSignals, runContext, untilAborted } from './run-context.ts';
import { rootHashTable, signTable } from './tables.ts';

/** Runs one command line: results on standard output, everything else on standard error. */
export async function runCli(args: readonly string[]): Promise<void> {
  const invocation = parseCommandLine(args, process.env);
  if (invocation.command === 'show') {
    process.stdout.write(invocation.text);
    return;
  }
  const log = consoleLogger(process.stderr, {
    terminal: process.stderr.isTTY === true,
    debug: Boolean(process.env.VERITY_SIGN_DEBUG),
  });
  const context = runContext(log, abortOnSignals(), invocation.secrets);
  await untilAborted(context.signal, async () => {
    if (invocation.command === 'sign') return sign(invocation, context);
    const entries = await rootHashes(invocation.options, context);
    process.stdout.write(invocation.json ? renderRootHashes(entries) : rootHashTable(entries));
  });
}

async function sign(
  { images, signing, report }: Extract<Invocation, { command: 'sign' }>,
  context: RunContext,
): Promise<void> {
  const reports: SignReport[] = [];
  for (const image of images) {
    const done = await signImage({ ...signing, image }, context);
    reports.push(done);
    process.stdout.write(`${reports.length > 1 ? '\n' : ''}${signTable(done)}`);
  }
  if (report === undefined) return;
  const path = resolve(report);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderReport(reports));
}
