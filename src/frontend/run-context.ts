import type { CiRun, RunContext } from '../commands/shared/options.ts';
import { ConversionCache } from '../convert/conversion-cache.ts';
import { isSystemLimit, VeritySignError } from '../errors.ts';
import { SystemLimitError } from '../lib/process/system-limit.ts';
import type { Logger } from '../logger.ts';

/** What a run needs besides its options: logger, abort signal, secrets, clock and the CI run. */
export function runContext(
  log: Logger,
  signal: AbortSignal,
  secrets: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): RunContext {
  const now = new Date();
  const ci = ciFromEnvironment(env);
  return {
    log,
    signal,
    secrets,
    ...(ci === undefined ? {} : { ci }),
    conversions: new ConversionCache(),
    now,
    created: sourceDate(env.SOURCE_DATE_EPOCH) ?? now,
  };
}

/** The time in `SOURCE_DATE_EPOCH`. Error: `usage`. [reproducible-builds.org/specs/source-date-epoch] */
export function sourceDate(epoch: string | undefined): Date | undefined {
  if (epoch === undefined || epoch === '') return undefined;
  const date = new Date(/^\d{1,12}$/.test(epoch) ? Number(epoch) * 1000 : Number.NaN);
  if (!isRecordable(date)) {
    throw new VeritySignError(
      'usage',
      `SOURCE_DATE_EPOCH: "${epoch}" is not a number of seconds before the year 10000`,
      {
        remedy: 'Set it to whole seconds since 1970, or unset it',
      },
    );
  }
  return date;
}

/** Whether a time can be the value of `created`: its year has four digits. [RFC 3339, 5.6] */
export function isRecordable(date: Date): boolean {
  return /^\d{4}-/.test(Number.isNaN(date.getTime()) ? '' : date.toISOString());
}

/**
 * Repository, revision, workflow and run if the process runs in GitHub Actions; on a GitHub Enterprise
 * Server with its URL. This reads the variables itself: @actions/github reads the same ones, lacks the
 * reference of the workflow, and brings a client of GitHub's API.
 * [docs.github.com, Variables reference: default environment variables]
 */
export function ciFromEnvironment(env: NodeJS.ProcessEnv): CiRun | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (env.GITHUB_ACTIONS !== 'true' || !server || !repository) return undefined;
  const source = `${server}/${repository}`;
  const { GITHUB_SHA: revision, GITHUB_WORKFLOW_REF: workflow, GITHUB_RUN_ID: run } = env;
  // A rerun keeps the number of the run.
  const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : '';
  return {
    source,
    ...(revision ? { revision } : {}),
    ...(workflow ? { workflow } : {}),
    ...(run ? { runUrl: `${source}/actions/runs/${run}${attempt}` } : {}),
  };
}

/** Aborts when the process gets SIGINT, SIGTERM or SIGHUP. A second signal ends the process at once. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => controller.abort(new VeritySignError('cancelled', `stopped by ${name}`)));
  }
  return controller.signal;
}

/**
 * Runs `work`. A failure after the abort is reported as cancelled, and a limit of the system as one: neither is a
 * defect.
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cancelled = error instanceof VeritySignError && error.code === 'cancelled';
    if (signal.aborted && !cancelled) throw signal.reason;
    if (error instanceof VeritySignError || !isSystemLimit(error)) throw error;
    throw new SystemLimitError(`the system refuses more (${(error as Error).message})`, error);
  }
}
