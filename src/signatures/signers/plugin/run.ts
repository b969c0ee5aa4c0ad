import { VeritySignError } from '../../../errors.ts';
import { printable } from '../../../lib/printable.ts';
import { redactor, run, ToolError } from '../../../lib/process/run.ts';
import { type Retry, withRetries } from '../../../lib/retry.ts';
import { nonconforming, type PluginCommand, readFailure } from './protocol.ts';

/** "Less than 64 MiB." [plugin-extensibility.md, Plugin contract] */
const MAX_OUTPUT = 64 * 1024 * 1024 - 1;

/** An installed plugin and how it is called. */
export interface Plugin {
  name: string;
  path: string;
  /** The whole environment of the plugin. */
  env: Readonly<Record<string, string>>;
  /** Values that are replaced in messages of the plugin. */
  secrets: readonly string[];
  /** Milliseconds for one call. */
  timeout: number;
  signal: AbortSignal;
}

/** A failure that the plugin reports with a code of the contract. */
class PluginFailure extends VeritySignError {
  readonly pluginCode: string;

  constructor(pluginCode: string, message: string, remedy: string) {
    super('key', message, { remedy });
    this.pluginCode = pluginCode;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  VALIDATION_ERROR: 'Check the key id in `key`, and `plugin-config`',
  UNSUPPORTED_CONTRACT_VERSION: 'Install a version of the plugin that works with notation 1.x',
  ACCESS_DENIED: 'Permit the identity that the plugin uses to read this key and to sign with it',
  TIMEOUT: 'Try again later',
  THROTTLED: 'Try again later, or raise the quota of the service behind the plugin',
};

/** Credentials for registries, packages and the runner: no service that keeps keys asks for them. */
const WITHHELD: ReadonlySet<string> = new Set([
  'NOTATION_USERNAME',
  'NOTATION_PASSWORD',
  'DOCKER_AUTH_CONFIG',
  'ACTIONS_RUNTIME_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'NPM_TOKEN',
  'NODE_AUTH_TOKEN',
]);

/**
 * The environment of a plugin: that of this process, as under notation, because it contains the
 * credentials of the plugin's service. Excluded are the inputs of an Action, the secrets that references
 * name, and credentials for anything else.
 */
export function pluginEnvironment(
  from: NodeJS.ProcessEnv,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || /^INPUT_/i.test(name) || Object.hasOwn(secrets, name)) continue;
    if (!WITHHELD.has(name)) env[name] = value;
  }
  return env;
}

/**
 * Sends a request and returns what `read` makes of the JSON answer. Calls that the plugin reports as
 * throttled or timed out are repeated, as the contract permits.
 * @throws VeritySignError 'key', also from `read` and then without secrets; 'cancelled' after the signal.
 */
export async function callPlugin<T>(
  plugin: Plugin,
  command: PluginCommand,
  request: object,
  read: (response: unknown) => T,
): Promise<T> {
  const response = await withRetries(() => callOnce(plugin, command, request), retryable, plugin.signal);
  try {
    return read(response);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    const { code, message, remedy } = error;
    throw new VeritySignError(
      code,
      redactor(plugin.secrets)(message),
      remedy === undefined ? {} : { remedy },
    );
  }
}

function retryable(error: unknown): Retry | undefined {
  if (!(error instanceof PluginFailure)) return undefined;
  return error.pluginCode === 'THROTTLED' || error.pluginCode === 'TIMEOUT' ? {} : undefined;
}

async function callOnce(plugin: Plugin, command: PluginCommand, request: object): Promise<unknown> {
  const { name, path, env, timeout, signal, secrets } = plugin;
  const stdin = JSON.stringify(request);
  let stdout: Buffer;
  try {
    const options = { env, stdin, timeout, signal, secrets: written(secrets), maxOutput: MAX_OUTPUT };
    ({ stdout } = await run([path, command], options));
  } catch (error) {
    throw error instanceof ToolError ? failed(plugin, command, error) : error;
  }
  try {
    return JSON.parse(stdout.toString('utf8'));
  } catch {
    // No excerpt: a plugin may print a secret of its own by mistake.
    const what = stdout.length === 0 ? 'nothing' : `${stdout.length} bytes that are not JSON`;
    throw nonconforming(name, command, what);
  }
}

/** Secrets as plain text and as JSON writes them. */
function written(secrets: readonly string[]): string[] {
  return [...new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))];
}

function failed({ name, secrets }: Plugin, command: PluginCommand, error: ToolError): VeritySignError {
  if (error.timedOut) {
    return new VeritySignError('key', `the notation plugin ${name} did not answer ${command} in time`, {
      remedy: 'Check its access to the service that holds the key, or raise `timeout`',
      cause: error,
    });
  }
  if (error.exitCode === undefined) {
    const reason = printable(error.message);
    return new VeritySignError('key', `the notation plugin ${name} failed at ${command}: ${reason}`, {
      remedy: 'Check that notation can use the plugin: notation plugin ls',
      cause: error,
    });
  }
  const failure = readFailure(error.stderr, redactor(secrets));
  if (failure !== undefined) {
    const { code, message } = failure;
    const said = [message, code === '' ? '' : `(${code})`].filter(Boolean).join(' ');
    const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
    return new PluginFailure(
      code,
      `the notation plugin ${name} refused ${command}: ${said}`,
      remedy ?? "See the plugin's documentation",
    );
  }
  const said = error.stderr === '' ? '' : `: ${printable(error.stderr)}`;
  const message = `the notation plugin ${name} failed at ${command} with exit status ${error.exitCode}${said}`;
  return new VeritySignError('key', message, {
    remedy: "See the plugin's documentation, and check that notation can use the plugin",
  });
}
