import { stat } from 'node:fs/promises';
import { type ErrorCode, VeritySignError } from '../../../errors.ts';
import { isPemText, plainPem } from '../../../lib/pem-text.ts';
import { readGiven } from '../../../lib/read-given.ts';

/** Bytes: a file with all authorities of a system has less. */
const MAX_SIZE = 1024 * 1024;
const VARIABLE = /^env:\/\/(.*)$/s;

/** Certificates that an option gives, and how to name them in messages. */
export interface PemInput {
  content: Buffer;
  /** Such as `file chain.pem of certificate`, without an article. Never the content. */
  name: string;
  /** The path if they are in a file that holds PEM as it is, or DER. */
  path: string | undefined;
}

/**
 * Reads what an option for certificates gives: a text with `-----BEGIN` is PEM itself, `env://NAME` names
 * a variable, and anything else is a path.
 *
 * @param variables those that `env://NAME` may name
 * @param code of the errors
 * @param signal ends the wait for a pipe
 * @throws VeritySignError if it cannot be read
 */
export async function readPemInput(
  given: string,
  option: string,
  variables: Readonly<Record<string, string>>,
  code: ErrorCode,
  signal?: AbortSignal,
): Promise<PemInput> {
  const variable = VARIABLE.exec(given)?.[1];
  if (isPemText(given)) {
    return { content: Buffer.from(plainPem(given)), name: `text of ${option}`, path: undefined };
  }
  if (variable !== undefined) {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    const name = `variable ${variable} of ${option}`;
    if (value !== undefined) return { content: Buffer.from(plainPem(value)), name, path: undefined };
    throw new VeritySignError(code, `the ${name} is not set`, {
      remedy: 'Set it in the environment of this step',
    });
  }
  const name = `file ${given} of ${option}`;
  const content = await readLimited(given, name, code, signal);
  const text = content.toString('latin1');
  const plain = plainPem(text);
  if (plain !== text) return { content: Buffer.from(plain), name, path: undefined };
  // A pipe, such as `<(command)` in a shell, cannot be read twice.
  const isFile = (await stat(given).catch(() => undefined))?.isFile() === true;
  return { content, name, path: isFile ? given : undefined };
}

async function readLimited(
  path: string,
  name: string,
  code: ErrorCode,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  try {
    return await readGiven(path, MAX_SIZE, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError(code, `the ${name} cannot be read (${reason})`, {
      remedy:
        'Give the path of a PEM file, env://NAME for a variable that contains PEM, or the PEM text itself',
      cause,
    });
  }
}
