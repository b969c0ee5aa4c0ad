import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { VeritySignError } from '../../errors.ts';
import { isPemText, plainPem } from '../../lib/pem-text.ts';
import { descriptorOf, takeDescriptor } from '../../lib/process/descriptor-file.ts';
import { readGivenSync } from '../../lib/read-given.ts';
import { MAX_SECRET_BYTES } from '../../signatures/signers/secret.ts';

const REFERENCE = /^env:\/\/(.*)$/s;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** The secrets of a run: removed from environment and descriptors, and masked in the log. */
export class SecretStore {
  /** By name of the environment variable, or by the path of a descriptor such as /dev/fd/63. */
  readonly values: Record<string, string> = Object.create(null);
  private readonly env: NodeJS.ProcessEnv;
  private readonly hide: (value: string) => void;
  readonly #hidden = new Set<string>();
  /** What has read a descriptor, by its number: its content can be read once. */
  readonly #readers = new Map<number, string>();

  /** @param hide masks a value in the log, if the log can do that */
  constructor(env: NodeJS.ProcessEnv, hide: (value: string) => void = () => undefined) {
    this.env = env;
    this.hide = (value) => {
      this.#hidden.add(value);
      hide(value);
    };
  }

  /** All values, and lines of values, that were masked so far: foreign text is filtered with them. */
  get hidden(): string[] {
    return [...this.#hidden];
  }

  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is not such a reference. Error: `usage`.
   */
  capture(text: string, label: string): string | undefined {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined) return undefined;
    const value = this.take(name);
    if (value === undefined) throw notSet(label, name);
    return value;
  }

  /**
   * Moves the variable that an `env://NAME` reference names into the store, without masking it: certificates
   * are no secret, and their lines are in other texts. Error: `usage`.
   */
  keep(text: string, label: string): void {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined || this.values[name] !== undefined) return;
    const value = this.#variable(name);
    if (value === undefined) throw notSet(label, name);
    this.values[name] = value;
    delete this.env[name];
  }

  /**
   * Moves what a descriptor contains (`/dev/fd/63`, `/dev/stdin`) into the store and closes the descriptor.
   * Binary content becomes base64. Returns undefined for any other path, or if it cannot be read.
   * Error: `usage` if another option has read it. It would get that one's secret: a registry, the signing key.
   */
  captureDescriptor(path: string, label: string): string | undefined {
    const descriptor = descriptorOf(path);
    if (descriptor === undefined) return undefined;
    const reader = this.#readers.get(descriptor);
    if (reader !== undefined && reader !== label) throw readTwice(descriptor, reader, label);
    const known = this.values[path];
    if (known !== undefined) return known;
    try {
      const content = takeDescriptor(path, MAX_SECRET_BYTES);
      const value = isUtf8(content) ? content.toString('utf8') : content.toString('base64');
      this.values[path] = value;
      this.#readers.set(descriptor, label);
      this.mask(value);
      return value;
    } catch {
      // Whatever reads the path says why.
      return undefined;
    }
  }

  /** Moves a variable from the environment into the store. Returns undefined if it is not set or empty. */
  take(name: string): string | undefined {
    const known = this.values[name];
    if (known !== undefined) {
      // It may have been kept as a certificate.
      this.mask(known);
      return known;
    }
    const value = this.#variable(name);
    if (value === undefined) return undefined;
    this.values[name] = value;
    delete this.env[name];
    this.mask(value);
    return value;
  }

  /** Masks the value of a variable that stays in the environment. */
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

  /** Masks a value and each of its lines: logs are written line by line. */
  mask(value: string): void {
    if (value.trim() === '') return;
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    // The first and last line of a PEM file are no secret.
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith('-----')) this.hide(line);
    if (lines.length > 1) this.hide(value);
    // Programs print a key in the form in which they read it.
    const plain = plainPem(value);
    if (plain !== value) this.mask(plain);
  }
}

function readTwice(descriptor: number, reader: string, label: string): VeritySignError {
  const what = descriptor === 0 ? 'standard input' : `the descriptor ${descriptor}`;
  return new VeritySignError('usage', `${label}: ${reader} reads ${what}, which can be read once`, {
    remedy: 'Give one of them as env://NAME or as the path of a file',
  });
}

function notSet(label: string, name: string): VeritySignError {
  return new VeritySignError('usage', `${label}: the environment variable ${name} is not set or is empty`, {
    remedy: `Set ${name}; in a workflow, set it under env: of the step`,
  });
}

/**
 * Checks a reference to a passphrase (a path or `env://NAME`) and captures the variable.
 * The text may be the secret itself by mistake, so no error repeats it. Error: `usage`.
 */
export function passphraseReference(
  text: string | undefined,
  label: string,
  store: SecretStore,
): string | undefined {
  return text === undefined ? undefined : localReference(text, label, store, 'the path of a file');
}

/**
 * Checks a reference to a key: what {@link passphraseReference} accepts, or the scheme of a key that a
 * service or plugin holds. The signers know which schemes exist. Error: `usage`.
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

/** Secrets that the vendors' clients and plugins read from the environment of the process. */
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

/** By the scheme of the key: credentials that this program itself reads and sends. */
const SENT_HERE: Readonly<Record<string, readonly string[]>> = {
  awskms: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  hashivault: ['VAULT_TOKEN'],
};

/**
 * Masks the credentials for a key that a service or plugin holds. Those that this program sends itself
 * leave the environment; the others stay there for the client or plugin that reads them. mkfs.erofs and
 * oras never get any of them: they run with an environment of their own.
 */
function captureCredentials(reference: string, store: SecretStore): void {
  for (const name of CREDENTIALS) store.maskVariable(name);
  // The AWS client prefers a named profile to these variables.
  if (reference.startsWith('awskms://') && store.isSet('AWS_PROFILE')) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(':'))] ?? []) store.take(name);
}

function localReference(text: string, label: string, store: SecretStore, file: string): string {
  if (store.capture(text, label) !== undefined) return text;
  if (store.captureDescriptor(text, label) !== undefined || existsSync(text)) return text;
  if (SCHEME.test(text)) {
    throw new VeritySignError('usage', `${label}: ${text.slice(0, text.indexOf(':'))}:// is not supported`, {
      remedy: `Use ${file}, or env://NAME for an environment variable`,
    });
  }
  store.mask(text);
  if (isPemText(text)) {
    throw new VeritySignError('usage', `${label} is PEM text instead of a reference to it`, {
      remedy: 'Put it into an environment variable and give env://NAME, or into a file and give its path',
    });
  }
  throw new VeritySignError('usage', `${label}: there is no such file`, {
    remedy: `Use ${file}, or env://NAME for an environment variable that contains the secret`,
  });
}

/** A registry's password from `env://NAME` or a file: every user can read a command line. Error: `usage`. */
export function passwordFromReference(text: string, label: string, store: SecretStore): string {
  const captured = store.capture(text, label);
  if (captured !== undefined) return notAKey(captured, label);
  const content = store.captureDescriptor(text, label) ?? readPassword(text, label);
  const password = notAKey(content, label).replace(/\r?\n$/, '');
  if (password === '') {
    throw new VeritySignError('usage', `${label}: the password is empty`, {
      remedy: 'Check the file or the program that writes it',
    });
  }
  store.mask(password);
  return password;
}

/** The same, where the password itself may stand in place of a reference: in an Action, a secret comes so. Error: `usage`. */
export function passwordOrReference(text: string, label: string, store: SecretStore): string {
  return notAKey(store.capture(text, label) ?? text, label);
}

/** A key that is given as the password by mistake would be sent to the registry. */
function notAKey(password: string, label: string): string {
  // Of Google, it may be a JSON document, or that in base64, with a key in it.
  if (!isPemText(password) || plainPem(password).trimStart().startsWith('{')) return password;
  throw new VeritySignError('usage', `${label}: the password is a key or certificate in PEM`, {
    remedy: 'Give the password or token of the registry, not what signs',
  });
}

function readPassword(path: string, label: string): string {
  if (!existsSync(path)) {
    throw new VeritySignError('usage', `${label}: there is no such file`, {
      remedy: 'Use env://NAME or the path of a file, never the password itself',
    });
  }
  try {
    return readGivenSync(path).toString();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new VeritySignError('usage', `${label}: the password cannot be read (${code})`, {
      remedy: 'Check the permissions, or use env://NAME',
    });
  }
}
