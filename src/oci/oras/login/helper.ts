import { VeritySignError } from '../../../errors.ts';
import { run, ToolError } from '../../../lib/process/run.ts';
import { helperEnvironment } from './helper-environment.ts';

/** Milliseconds: a helper may log in to a cloud first. */
const TIMEOUT = 60_000;
/** Bytes; tokens are large. */
const MAX_OUTPUT = 1024 * 1024;
/** What a helper prints to standard output if it has none. [docker-credential-helpers, credentials/error.go] */
const NOT_FOUND = /credentials not found in native keychain/i;
/** User name of an identity token. [docs.docker.com, docker login: credential helper protocol] */
const TOKEN_USER = '<token>';

export interface HelperRequest {
  /** Name without `docker-credential-`. */
  helper: string;
  /** Host and optional port, for messages. */
  registry: string;
  /** What to ask for: the registry, or another name of Docker Hub. */
  address: string;
  /** The file that names the helper. */
  file: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

export type HelperAnswer =
  | { kind: 'password'; username: string; secret: string }
  | { kind: 'identity token'; secret: string };

/**
 * Asks one of docker's credential helpers; undefined if it has no credentials for this address.
 * @throws VeritySignError 'environment', without anything that might be a secret
 */
export async function askHelper(request: HelperRequest): Promise<HelperAnswer | undefined> {
  const { helper, registry, address, file, env, signal } = request;
  const program = `docker-credential-${helper}`;
  const subject = `the credential helper ${program}, which ${file} names for ${registry},`;
  if (!/^[\w.-]+$/.test(helper)) {
    throw new VeritySignError('environment', `${file} names a credential helper that is not a plain name`, {
      remedy: 'Write the name of the program without docker-credential-',
    });
  }
  try {
    const { stdout } = await run([program, 'get'], {
      env: helperEnvironment(helper, env),
      stdin: address,
      timeout: TIMEOUT,
      maxOutput: MAX_OUTPUT,
      ...(signal === undefined ? {} : { signal }),
    });
    return answerOf(stdout, subject);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (NOT_FOUND.test(`${error.stdout} ${error.stderr}`)) return undefined;
    throw failed(error, program, subject, address);
  }
}

function answerOf(stdout: Buffer, subject: string): HelperAnswer | undefined {
  let answer: { Username?: unknown; Secret?: unknown } | undefined;
  try {
    answer = JSON.parse(stdout.toString('utf8'));
  } catch {
    // Reported below, without the output.
  }
  const { Username: username, Secret: secret } = answer ?? {};
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw new VeritySignError('environment', `${subject} printed no credentials`, {
      remedy: 'Update the helper, or set registry-username and registry-password',
    });
  }
  if (secret === '') return undefined;
  return username === TOKEN_USER || username === ''
    ? { kind: 'identity token', secret }
    : { kind: 'password', username, secret };
}

function failed(error: ToolError, program: string, subject: string, address: string): VeritySignError {
  const again = `Check it with: echo ${address} | ${program} get`;
  if (error.timedOut) {
    return new VeritySignError('environment', `${subject} did not answer within ${TIMEOUT / 1000} s`, {
      remedy: again,
    });
  }
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined) {
    const what = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code})`;
    return new VeritySignError('environment', `${subject} ${what}`, {
      remedy: `Put ${program} in a folder of PATH, or remove it from the file and log in again`,
    });
  }
  // Helpers print why they fail to standard output. [docker-credential-helpers, credentials.Serve]
  const words = firstLine(error.stdout) || firstLine(error.stderr) || error.message;
  return new VeritySignError('environment', `${subject} failed: ${words}`, { remedy: again });
}

/** Something that looks like an answer is not shown: it may hold a secret. */
function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.includes('{') ? '' : line.slice(0, 300);
}
