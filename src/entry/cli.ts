#!/usr/bin/env node
import { checkNodeVersion } from '../frontend/cli/node-version.ts';
import { hideEnvironment } from '../frontend/hide-environment.ts';
import { exitIfFailed, printError } from '../frontend/output/standard-streams.ts';
import { handleStrayErrors } from '../frontend/output/stray-errors.ts';
import { guardStreams } from '../frontend/output/stream-guard.ts';
import { settleHome } from '../frontend/settle-home.ts';
import { widenThreadPool } from '../frontend/thread-pool.ts';

guardStreams({ commands: false });
handleStrayErrors(printError);
widenThreadPool();
settleHome();
try {
  checkNodeVersion(process.versions.node);
  // Loaded after the check: an older Node lacks what the rest is made of.
  const { runCli } = await import('../frontend/cli/run-cli.ts');
  await runCli(process.argv.slice(2), hideEnvironment);
} catch (error) {
  process.exitCode = printError(error);
}
await exitIfFailed();
