import { existsSync, readFileSync } from 'node:fs';
import { VeritySignError } from '../errors.ts';

const REFERENCE = /^env:\/\/(.*)$/s;

/** What is known of the run's secrets: taken out of the environment and told to `hide`. */
export class SecretStore {
  /** By name of the environment variable. */
  readonly values: Record<string, string> = Object.create(null);
  private readonly env: NodeJS.ProcessEnv;
  private readonly hide: (value: string) => void;

  /** `hide` makes a value unreadable in the log, where the log can do that. */
  constructor(env: NodeJS.ProcessEnv, hide: (value: string) => void = () => undefined) {
    this.env = env;
    this.hide = hide;
  }

  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is no such reference.
   */
  capture(text: string, label: string): string | undefined {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined) return undefined;
    const known = this.values[name];
    if (known !== undefined) return known;
    const value = Object.hasOwn(this.env, name) ? this.env[name] : undefined;
    if (value === undefined || value === '') {
      throw new VeritySignError('usage', `${label}: the environment variable ${name} is not set`, {
        remedy: `Set ${name}, in a workflow under env: of the step`,
      });
    }
    this.values[name] = value;
    delete this.env[name];
    this.mask(value);
    return value;
  }

  /** Hides a value, and each line of it: logs are written line by line. */
  mask(value: string): void {
    if (value.trim() === '') return;
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    // The first and last line of PEM say the same for everyone.
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith('-----')) this.hide(line);
    if (lines.length === 1) return;
    this.hide(value);
  }
}

/**
 * Checks a reference to a key or passphrase (a path or `env://NAME`) and captures what it names.
 * The text may be the secret itself by mistake, so no error repeats it.
 */
export function secretReference(
  text: string | undefined,
  label: string,
  store: SecretStore,
): string | undefined {
  if (text === undefined) return undefined;
  if (store.capture(text, label) !== undefined || existsSync(text)) return text;
  if (/^[\w.-]+:\/\//.test(text)) {
    throw new VeritySignError('usage', `${label}: ${text.slice(0, text.indexOf(':'))}:// is not supported`, {
      remedy: 'Give the path of a file, or env://NAME for an environment variable',
    });
  }
  store.mask(text);
  throw new VeritySignError('usage', `${label}: there is no such file`, {
    remedy: 'Give the path of a file, or env://NAME for an environment variable that holds the secret',
  });
}

/** The registry's password from `env://NAME` or a file: on a command line everybody can read it. */
export function passwordFromReference(text: string, label: string, store: SecretStore): string {
  const captured = store.capture(text, label);
  if (captured !== undefined) return captured;
  if (!existsSync(text)) {
    throw new VeritySignError('usage', `${label}: there is no such file`, {
      remedy: 'Give env://NAME or the path of a file, never the password itself',
    });
  }
  return readFileSync(text, 'utf8').replace(/\r?\n$/, '');
}
