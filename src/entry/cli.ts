#!/usr/bin/env node
import { describeError } from '../errors.ts';
import { checkNodeVersion } from '../frontend/cli/node-version.ts';
import { hideEnvironment } from '../frontend/hide-environment.ts';
import { printable } from '../frontend/output/printable.ts';
import { widenThreadPool } from '../frontend/thread-pool.ts';

widenThreadPool();
try {
  checkNodeVersion(process.versions.node);
  // Loaded after the check: an older Node lacks what the rest is made of.
  const { runCli } = await import('../frontend/cli/run-cli.ts');
  await runCli(process.argv.slice(2), hideEnvironment());
} catch (error) {
  const { line, status } = describeError(error);
  process.stderr.write(`verity-sign: ${printable(line)}\n`);
  process.exitCode = status;
}
