import * as core from '@actions/core';
import { describeError } from '../errors.ts';
import { runSignAction } from '../frontend/action/run-sign-action.ts';
import { hideEnvironment } from '../frontend/hide-environment.ts';
import { widenThreadPool } from '../frontend/thread-pool.ts';

widenThreadPool();
try {
  await runSignAction(hideEnvironment());
} catch (error) {
  core.setFailed(describeError(error).line);
}
// Sockets that oras' or the toolkit's requests keep alive must not hold the step.
process.exit();
