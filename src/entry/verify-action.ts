import { runVerifyAction } from '../frontend/action/run-verify-action.ts';
import { hideEnvironment } from '../frontend/hide-environment.ts';
import { failWith } from '../frontend/output/runner-commands.ts';
import { exitWhenWritten } from '../frontend/output/standard-streams.ts';
import { handleStrayErrors } from '../frontend/output/stray-errors.ts';
import { guardStreams } from '../frontend/output/stream-guard.ts';
import { settleHome } from '../frontend/settle-home.ts';
import { widenThreadPool } from '../frontend/thread-pool.ts';

guardStreams({ commands: true });
handleStrayErrors(failWith);
widenThreadPool();
settleHome();
try {
  await runVerifyAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
// Sockets that oras' or the toolkit's requests keep alive must not hold the step.
await exitWhenWritten();
