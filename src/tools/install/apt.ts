import { networkEnvironment } from '../../lib/process/environment.ts';
import { endAsRoot } from '../../lib/process/privilege.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import type { InstallContext } from './context.ts';
import { findOnPath } from './locate.ts';

const TIMEOUT = 10 * 60_000;
/** Wait for another apt-get, such as the machine's own updates, and retry after a failed download. */
const RETRY_OPTIONS = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'] as const;

/** Debian's package manager, run as root. */
export class Apt {
  readonly #prefix: readonly string[];
  readonly #context: InstallContext;
  #updated = false;

  private constructor(prefix: readonly string[], context: InstallContext) {
    this.#prefix = prefix;
    this.#context = context;
  }

  /** An Apt, or the reason why packages cannot be installed on this machine. */
  static async open(context: InstallContext): Promise<Apt | string> {
    if (findOnPath('apt-get') === undefined) return 'there is no apt-get';
    if (process.geteuid?.() === 0) return new Apt([], context);
    try {
      const options = { env: networkEnvironment(), timeout: 10_000, signal: context.signal };
      await run(['sudo', '-n', 'true'], options);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return `this user is not root, and ${error.message.replaceAll(/\s+/g, ' ')}`;
    }
    // The values may hold passwords, so they are not on the command line.
    const kept = PROXIES.filter((name) => environment()[name] !== undefined);
    const preserve = kept.length === 0 ? [] : [`--preserve-env=${kept.join(',')}`];
    return new Apt(['sudo', '-n', ...preserve, '--'], context);
  }

  /** Upstream version of the package that apt-get would install; undefined if there is none. */
  async candidate(name: string): Promise<string | undefined> {
    const before = await this.#policy(name);
    if (before !== undefined) return before;
    // Container images often have no package lists.
    await this.update();
    return this.#policy(name);
  }

  /** Rejects with ToolError. */
  async install(packages: readonly string[]): Promise<void> {
    await this.update();
    this.#context.log.info(`Installing ${packages.join(', ')} with apt-get`);
    await this.#asRoot(['install', '--no-install-recommends', ...packages]);
  }

  /** Fetches the package lists, once. Rejects with ToolError. */
  async update(): Promise<void> {
    if (this.#updated) return;
    this.#context.log.info('Fetching the package lists with apt-get update');
    await this.#asRoot(['update']);
    this.#updated = true;
  }

  async #policy(name: string): Promise<string | undefined> {
    const options = { env: environment(), timeout: 60_000, signal: this.#context.signal };
    const { stdout } = await run(['apt-cache', 'policy', name], options);
    return candidateIn(stdout.toString('utf8'));
  }

  async #asRoot(args: readonly string[]): Promise<void> {
    const argv = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes', ...RETRY_OPTIONS];
    await run([...this.#prefix, ...argv, ...args], {
      env: environment(),
      timeout: TIMEOUT,
      signal: this.#context.signal,
      ...(this.#prefix.length === 0 ? {} : { killGroup: endAsRoot }),
    });
  }
}

/** The candidate in the output of `apt-cache policy`, without epoch and Debian's revision. */
export function candidateIn(text: string): string | undefined {
  const version = /^ +Candidate: (?:\d+:)?(\d\S*?)(?:-[^-\s]+)?$/m.exec(text)?.[1];
  return version === undefined ? undefined : /^[\d.]+/.exec(version)?.[0];
}

/** apt reads the proxy variables in lower case only. */
function environment(): Record<string, string> {
  const env = networkEnvironment();
  for (const name of PROXIES) {
    const value = env[name] ?? env[name.toUpperCase()];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
