import type { RunContext } from '../../commands/shared/options.ts';
import { TOOL } from '../../report/tool.ts';
import { warnOfVisibleEnvironment } from '../hide-environment.ts';
import { standardErrorLogger } from '../output/console-reporter.ts';
import { abortOnSignals, runContext } from '../run-context.ts';
import { requireResources } from '../thread-pool.ts';
import { trustCertificates } from '../trust-certificates.ts';
import type { LogLevel } from './options/output.ts';

interface Start {
  log: LogLevel;
  /** Values of `env://` references, by the name of the variable. */
  secrets: Readonly<Record<string, string>>;
  /** Why other processes can read the environment of this one, if they can. */
  visible: string | undefined;
}

/** Whether a variable of the environment turns something on. Empty, 0 and false mean off. */
export function isOn(value: string | undefined): boolean {
  return !/^(?:0|false)?$/i.test(value?.trim() ?? '');
}

/**
 * What a command of the CLI runs in: its log on standard error, and a signal that SIGINT and SIGTERM abort.
 * @throws VeritySignError 'environment' if the machine has too few resources left
 */
export async function startRun({ log: level, secrets, visible }: Start): Promise<RunContext> {
  requireResources();
  const debug = level === 'normal' && isOn(process.env.VERITY_SIGN_DEBUG);
  const log = standardErrorLogger(debug ? 'debug' : level);
  const { name, version } = TOOL;
  log.debug(`${name} ${version}, Node.js ${process.versions.node}, ${process.platform}/${process.arch}`);
  warnOfVisibleEnvironment(log, visible);
  await trustCertificates(log);
  return runContext(log, abortOnSignals(), secrets);
}
