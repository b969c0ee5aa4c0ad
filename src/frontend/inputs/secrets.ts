import { existsSync, readFileSync } from 'node:fs';
import { VeritySignError } from '../../errors.ts';

const REFERENCE = /^env:\/\/(.*)$/s;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** What is known of the run's secrets: taken out of the environment and told to `hide`. */
export class SecretStore {
  /** By name of the environment variable. */
  readonly values: Record<string, string> = Object.create(null);
  private readonly env: NodeJS.ProcessEnv;
  private readonly hide: (value: string) => void;
  readonly #hidden = new Set<string>();

  /** `hide` makes a value unreadable in the log, where the log can do that. */
  constructor(env: NodeJS.ProcessEnv, hide: (value: string) => void = () => undefined) {
    this.env = env;
    this.hide = (value) => {
      this.#hidden.add(value);
      hide(value);
    };
  }

  /** All values, and lines of values, that were hidden so far: whoever passes foreign text on needs them. */
  get hidden(): string[] {
    return [...this.#hidden];
  }

  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is no such reference.
   */
  capture(text: string, label: string): string | undefined {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined) return undefined;
    const value = this.take(name);
    if (value === undefined) {
      throw new VeritySignError('usage', `${label}: the environment variable ${name} is not set`, {
        remedy: `Set ${name}, in a workflow under env: of the step`,
      });
    }
    return value;
  }

  /** Moves a variable from the environment into the store. Undefined if it is not set, or empty. */
  take(name: string): string | undefined {
    const known = this.values[name];
    if (known !== undefined) return known;
    const value = this.#variable(name);
    if (value === undefined) return undefined;
    this.values[name] = value;
    delete this.env[name];
    this.mask(value);
    return value;
  }

  /** Hides the value of a variable that stays in the environment. */
  maskVariable(name: string): void {
    const value = this.#variable(name);
    if (value !== undefined) this.mask(value);
  }

  isSet(name: string): boolean {
    return this.#variable(name) !== undefined;
  }

  #variable(name: string): string | undefined {
    const value = Object.hasOwn(this.env, name) ? this.env[name] : undefined;
    return value === '' ? undefined : value;
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
 * Checks a reference to a passphrase (a path or `env://NAME`) and captures what it names.
 * The text may be the secret itself by mistake, so no error repeats it.
 */
export function passphraseReference(
  text: string | undefined,
  label: string,
  store: SecretStore,
): string | undefined {
  return text === undefined ? undefined : localReference(text, label, store, 'the path of a file');
}

/**
 * Checks a reference to a key: what {@link passphraseReference} takes, or a key that a service or
 * plugin holds, by its scheme. Which schemes there are is the signers' matter.
 */
export function keyReference(
  text: string | undefined,
  label: string,
  store: SecretStore,
): string | undefined {
  if (text === undefined) return undefined;
  if (SCHEME.test(text) && !REFERENCE.test(text)) {
    captureCredentials(text, store);
    return text;
  }
  return localReference(text, label, store, 'the path of a PEM or PKCS#12 file');
}

/** Secrets that the vendors' clients, and plugins, look for in the environment of the process. */
const CREDENTIALS = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_PASSWORD',
  'GOOGLE_CREDENTIALS',
  'VAULT_TOKEN',
  'BAO_TOKEN',
  'VAULT_SECRET_ID',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
] as const;

/** Credentials that this program reads and sends itself, by the scheme of the key. */
const SENT_HERE: Readonly<Record<string, readonly string[]>> = {
  awskms: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  hashivault: ['VAULT_TOKEN'],
};

/**
 * Hides the credentials for a key that is elsewhere. Those that this program sends itself leave the
 * environment; the others must stay there for the client or plugin that reads them. Neither mkfs.erofs
 * nor oras gets any of them, whatever is in the environment here.
 */
function captureCredentials(reference: string, store: SecretStore): void {
  for (const name of CREDENTIALS) store.maskVariable(name);
  // The AWS client prefers a profile that is named.
  if (reference.startsWith('awskms://') && store.isSet('AWS_PROFILE')) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(':'))] ?? []) store.take(name);
}

function localReference(text: string, label: string, store: SecretStore, file: string): string {
  if (store.capture(text, label) !== undefined || existsSync(text)) return text;
  if (SCHEME.test(text)) {
    throw new VeritySignError('usage', `${label}: ${text.slice(0, text.indexOf(':'))}:// is not supported`, {
      remedy: `Give ${file}, or env://NAME for an environment variable`,
    });
  }
  store.mask(text);
  throw new VeritySignError('usage', `${label}: there is no such file`, {
    remedy: `Give ${file}, or env://NAME for an environment variable that holds the secret`,
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
