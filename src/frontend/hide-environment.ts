import { eraseInitialEnvironment } from '../lib/process/initial-environment.ts';
import type { Logger } from '../logger.ts';

/**
 * Variables by which CI systems find the processes of a job, to end those that it left behind: GitHub's
 * runner (ProcessExtensions.cs), Azure's agent (the same class) and Jenkins (ProcessTree.java with
 * Run.getCharacteristicEnvVars, and the durable-task plugin). They name a job and give no access.
 */
const TRACKING = [
  'RUNNER_TRACKING_ID',
  'VSTS_PROCESS_LOOKUP_ID',
  'JENKINS_SERVER_COOKIE',
  'JENKINS_NODE_COOKIE',
  'HUDSON_SERVER_COOKIE',
  'HUDSON_COOKIE',
  'JOB_NAME',
  'JOB_BASE_NAME',
  'BUILD_NUMBER',
  'BUILD_ID',
  'BUILD_TAG',
] as const;

/**
 * Makes the environment of this process invisible to other processes (/proc/PID/environ), whatever it
 * contains. An entry calls it before anything foreign is read or started.
 *
 * @returns why it is still visible, for {@link warnOfVisibleEnvironment}; undefined if it is not
 */
export function hideEnvironment(): string | undefined {
  return eraseInitialEnvironment(TRACKING);
}

/** Warns if `hideEnvironment` gave a reason. */
export function warnOfVisibleEnvironment(log: Logger, reason: string | undefined): void {
  if (reason === undefined) return;
  log.warn(
    `/proc/${process.pid}/environ still shows the environment (${reason}): other processes of this user can read secrets in it. Pass secrets in files instead`,
  );
}
