import { stat } from 'node:fs/promises';
import { VeritySignError } from '../../errors.ts';
import { readGiven } from '../../lib/read-given.ts';
import { parsePassphraseReference, type SecretReference } from './reference.ts';

/** Bytes. A key of the supported kinds with its certificates is much smaller. */
export const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads what a reference points to. Errors carry neither the content nor, for files, what the system
 * said about the path: the user may have given a passphrase in its place.
 * @param what For messages, such as `the key`.
 * @param env The secrets that were taken out of the process environment and of descriptors at start, by the
 *   name of the variable or by the path.
 * @param signal Ends the wait for a pipe.
 * @throws VeritySignError with code `key`.
 */
async function readSecret(
  reference: SecretReference,
  what: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Buffer> {
  if (reference.kind === 'env') {
    const value = Object.hasOwn(env, reference.name) ? env[reference.name] : undefined;
    if (value === undefined || value === '') {
      throw new VeritySignError('key', `the environment variable ${reference.name} for ${what} is not set`, {
        remedy: 'Set it in the environment of this step or command',
      });
    }
    return Buffer.from(value);
  }
  const content = Object.hasOwn(env, reference.path)
    ? Buffer.from(env[reference.path] ?? '')
    : await readSecretFile(reference.path, what, signal);
  if (content.length <= MAX_SECRET_BYTES) return content;
  throw tooLarge(what);
}

async function readSecretFile(path: string, what: string, signal: AbortSignal): Promise<Buffer> {
  try {
    return await readGiven(path, MAX_SECRET_BYTES, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code.startsWith('larger than')) throw tooLarge(what);
    throw new VeritySignError('key', `the file for ${what} cannot be read (${code})`, {
      remedy: `Check the path and its permissions, or give ${what} as env://NAME`,
    });
  }
}

function tooLarge(what: string): VeritySignError {
  return new VeritySignError('key', `the file for ${what} has more than ${MAX_SECRET_BYTES / 1024} KiB`, {
    remedy: `Check the path of ${what}`,
  });
}

/**
 * A secret that is read each time it is needed and not kept in between. Only the content of a pipe (such
 * as `<(command)` in a shell) is kept, since it can be read once.
 */
export class SecretSource {
  readonly #reference: SecretReference;
  readonly #what: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;
  #kept: Buffer | undefined;

  /** See readSecret. */
  constructor(
    reference: SecretReference,
    what: string,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) {
    this.#reference = reference;
    this.#what = what;
    this.#env = env;
    this.#signal = signal;
  }

  async read(): Promise<Buffer> {
    if (this.#kept !== undefined) return this.#kept;
    const reference = this.#reference;
    const again =
      reference.kind === 'env' || ((await stat(reference.path).catch(() => undefined))?.isFile() ?? true);
    const content = await readSecret(reference, this.#what, this.#env, this.#signal);
    if (!again) this.#kept = content;
    return content;
  }
}

/**
 * The passphrase that `env://NAME` or a path points to.
 * @throws VeritySignError with code `usage` for the reference.
 */
export class PassphraseSource {
  readonly #source: SecretSource;

  constructor(reference: string, env: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#source = new SecretSource(parsePassphraseReference(reference), 'the key passphrase', env, signal);
  }

  /**
   * Its bytes, in the character set of the file.
   * @throws VeritySignError with code `key`.
   */
  async read(): Promise<Buffer> {
    const text = (await this.#source.read()).toString('latin1');
    // The line end of an editor, of echo, or of a secret that was set from a file is not part of the passphrase.
    return Buffer.from(text.replace(/\r?\n$/, ''), 'latin1');
  }
}
