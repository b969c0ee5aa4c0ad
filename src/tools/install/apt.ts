import { networkEnvironment } from '../../lib/process/environment.ts';
import { endAsRoot } from '../../lib/process/privilege.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import type { InstallContext } from './context.ts';
import { findOnPath } from './locate.ts';

const TIMEOUT = 10 * 60_000;
/** Another apt-get (the machine's own updates) is waited for; a mirror's hiccup is not the end. */
const PATIENCE = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'] as const;

/** Debian's package manager, used by root. */
export class Apt {
  readonly #prefix: readonly string[];
  readonly #context: InstallContext;
  #updated = false;

  private constructor(prefix: readonly string[], context: InstallContext) {
    this.#prefix = prefix;
    this.#context = context;
  }

  /** The reason why packages cannot be installed here, or an Apt. */
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
    // Their values may hold passwords: they stay off the command line.
    const kept = PROXIES.filter((name) => environment()[name] !== undefined);
    const preserve = kept.length === 0 ? [] : [`--preserve-env=${kept.join(',')}`];
    return new Apt(['sudo', '-n', ...preserve, '--'], context);
  }

  /** Upstream version of the package that would be installed, or undefined. */
  async candidate(name: string): Promise<string | undefined> {
    const before = await this.#policy(name);
    if (before !== undefined) return before;
    // Images are often shipped without package lists.
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
    await this.#asRoot(['update']);
    this.#updated = true;
  }

  async #policy(name: string): Promise<string | undefined> {
    const options = { env: environment(), timeout: 60_000, signal: this.#context.signal };
    const { stdout } = await run(['apt-cache', 'policy', name], options);
    return candidateIn(stdout.toString('utf8'));
  }

  async #asRoot(args: readonly string[]): Promise<void> {
    const argv = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes', ...PATIENCE];
    await run([...this.#prefix, ...argv, ...args], {
      env: environment(),
      timeout: TIMEOUT,
      signal: this.#context.signal,
      ...(this.#prefix.length === 0 ? {} : { killGroup: endAsRoot }),
    });
  }
}

/** The candidate in what `apt-cache policy` prints, without epoch and Debian's revision. */
export function candidateIn(text: string): string | undefined {
  const version = /^ +Candidate: (?:\d+:)?(\d\S*?)(?:-[^-\s]+)?$/m.exec(text)?.[1];
  return version === undefined ? undefined : /^[\d.]+/.exec(version)?.[0];
}

/** apt knows the proxies' variables in lower case only. */
function environment(): Record<string, string> {
  const env = networkEnvironment();
  for (const name of PROXIES) {
    const value = env[name] ?? env[name.toUpperCase()];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
