/** What kind of failure it was; decides the exit status (see EXIT_STATUS). */
export type ErrorCode =
  /** An option, input or reference is wrong. */
  | 'usage'
  /** The image or one of its layers is damaged, or of a kind that cannot be signed. */
  | 'image'
  /** A tool, a privilege, the disk or the machine does not meet the requirements. */
  | 'environment'
  /** The key, the certificate chain or the key holder is not usable. */
  | 'key'
  /** The registry or layout refused a request, failed, or lost what was written to it. */
  | 'registry'
  /** A signal or the caller ended the run. */
  | 'cancelled'
  /** A kernel would not enforce the image, or would not run it. */
  | 'not-enforced'
  | FailedVerdict;

/** Verdicts of `verify` that end a command which works on verified images only. */
export type FailedVerdict = (typeof FAILED_VERDICTS)[number];
const FAILED_VERDICTS = ['not-signed', 'invalid', 'not-trusted', 'unchecked'] as const;

export function isFailedVerdict(code: ErrorCode): code is FailedVerdict {
  return (FAILED_VERDICTS as readonly ErrorCode[]).includes(code);
}

/** Exit status of the CLI for each code. 1 is reserved for defects of this program. */
export const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  image: 3,
  environment: 4,
  key: 5,
  registry: 6,
  'not-signed': 10,
  invalid: 11,
  'not-trusted': 12,
  unchecked: 13,
  'not-enforced': 14,
  cancelled: 130,
};

/** Where an error happened. The commands fill it in; the engines need not know it. */
export interface ErrorContext {
  /** The image as the user named it, with its digest once that is known. */
  image?: string;
  /** The layer, such as `layer 3 (sha256:…)`. */
  layer?: string;
}

export interface ErrorOptions {
  /** What the user can do: an imperative sentence without a full stop. */
  remedy?: string;
  cause?: unknown;
}

/**
 * A PEM block, or the base64 form of a text that begins with one, as secret stores keep it. Some messages
 * repeat a text in lowercase.
 */
const PEM = /-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)|LS0tLS1CRUdJTi[A-Z0-9+/]*=*/gi;

/** A user and password in a URL. */
const URL_USER = /(\bhttps?:\/\/)[^\s"'<>/?#]*@/gi;

/** The query of a URL, without punctuation that follows it: registries redirect to URLs that whoever knows them may use. */
const URL_QUERY = /(\bhttps?:\/\/[^\s"'<>?#]+\?)[^\s"'<>]*[^\s"'<>).,:;]/gi;

/** What a request had as its `Authorization`, which servers repeat. [RFC 7617, RFC 6750] */
const AUTHORIZATION = /\b(Basic|Bearer)(\s+)([\w.~+/-]{8,}=*)/gi;

/** A JSON Web Token. [RFC 7519] */
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** The text with each PEM block replaced: it may be a key that was given in place of something else. */
export function withoutPem(text: string): string {
  return text.replaceAll(PEM, '(PEM text)');
}

/**
 * A message without what may be a secret, whoever wrote its parts: PEM blocks, users and queries of URLs, and
 * credentials of requests. Results are no messages: a URL in them keeps its query.
 */
export function withoutSecrets(text: string): string {
  return withoutPem(text)
    .replaceAll(URL_USER, '$1***@')
    .replaceAll(URL_QUERY, '$1***')
    .replaceAll(AUTHORIZATION, (words, scheme: string, blank: string, value: string) =>
      isCredential(scheme, value) ? `${scheme}${blank}***` : words,
    )
    .replaceAll(TOKEN, '***');
}

/** Whether it is one, and not the next word of a sentence. */
function isCredential(scheme: string, value: string): boolean {
  if (scheme.toLowerCase() === 'bearer') return /[\dA-Z]/.test(value);
  const decoded = Buffer.from(value, 'base64');
  return decoded.toString('base64') === value && decoded.includes(':');
}

/** What to do where an error does not say it itself: every line that ends a run says it. */
const GENERAL_REMEDY: Readonly<Record<ErrorCode, string | undefined>> = {
  usage: 'Correct this value and run again',
  image: 'Build the image again, or copy it again from where it is intact',
  environment: 'Check the permissions, the disk space and the limits of this machine',
  key: 'Check the key and its certificates',
  registry: 'Run again, and ask the operator of the registry if it fails again',
  cancelled: undefined,
  'not-signed': 'Sign the image first',
  invalid: 'Do not use the image, and find out who changed it or its signatures',
  'not-trusted': 'Give the certificate of the signer if you trust it',
  unchecked: 'Remove what prevented the check, and run again',
  'not-enforced': 'Correct what the report lists',
};

/** Error codes of limits that many concurrent layers may reach. */
const SYSTEM_LIMITS: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);

/** What to do when the system allows no more open files, processes or memory. */
export const SYSTEM_LIMIT_REMEDY =
  'Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)';

/** Whether an error comes from such a limit. */
export function isSystemLimit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && SYSTEM_LIMITS.has(error.code);
}

/** A failure that the user can act on. Any other exception is a defect of this program. */
export class VeritySignError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly context: ErrorContext = {};

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(withoutSecrets(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'VeritySignError';
    this.code = code;
    this.remedy = options.remedy === undefined ? undefined : withoutSecrets(options.remedy);
  }

  /** The exit status that the CLI has for this code. */
  get exitStatus(): number {
    return EXIT_STATUS[this.code];
  }

  /** One line: image, layer, what happened, what to do (see {@link remedyOf}). */
  toLine(): string {
    const where = [this.context.image, this.context.layer].filter((part) => part !== undefined);
    const what = where.length === 0 ? this.message : `${where.join(', ')}: ${this.message}`;
    const remedy = remedyOf(this);
    const line = remedy === undefined ? what : `${what}. ${remedy}`;
    return withoutSecrets(line).replaceAll(/\s*\n\s*/g, ' | ');
  }
}

/**
 * What to do about an error: what it says itself, or what its kind suggests; undefined after a signal. Whatever
 * was refused because of a limit of the system, its remedy is that of the limit.
 */
export function remedyOf(error: VeritySignError): string | undefined {
  let cause = error.cause;
  while (cause instanceof Error && !isSystemLimit(cause)) cause = cause.cause;
  if (isSystemLimit(cause)) return SYSTEM_LIMIT_REMEDY;
  return error.remedy ?? GENERAL_REMEDY[error.code];
}

/** Runs `work` and adds `context` to an error that it throws; a context that is there already is kept. */
export async function inContext<T>(context: ErrorContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeritySignError) {
      for (const key of ['image', 'layer'] as const) {
        const value = context[key];
        if (value !== undefined) error.context[key] ??= value;
      }
    }
    throw error;
  }
}

/** The line and the exit status for anything that was thrown. */
export function describeError(error: unknown): { line: string; status: number } {
  if (error instanceof VeritySignError) {
    return { line: error.toLine(), status: error.exitStatus };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    line: `Internal error, please report it with these lines: ${withoutSecrets(detail).replaceAll(/\s*\n\s*/g, ' | ')}`,
    status: 1,
  };
}
