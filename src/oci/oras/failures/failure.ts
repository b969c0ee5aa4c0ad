import { VeritySignError } from '../../../errors.ts';
import { HttpError, type HttpFailure } from '../../../lib/http/errors.ts';
import { ToolError } from '../../../lib/process/run.ts';
import { AnswerError } from '../direct/answer-error.ts';
import type { Login } from '../login/logins.ts';
import type { Access, Call, Cause, SpokenCause } from './cause.ts';
import { PROXY_CAUSES, TLS_CAUSES } from './connection-failure.ts';
import { isAbsent, nameIn, plainWords, shortWords } from './words.ts';

export type { Access } from './cause.ts';

/** Not by its words: see `isAbsent`. */
const NOT_FOUND: Cause = {
  code: 'registry',
  message: ({ target }) => `${target} is not in the registry`,
  remedy: () => 'Check the name, and that these credentials have access to it',
};

const NO_REFERRERS_API: SpokenCause = {
  pattern: /referrers API: unsupported/i,
  code: 'registry',
  message: () => 'the registry has no referrers API',
  remedy: () => 'Set referrers to auto, or to tag for the fallback tag',
};

const UNAUTHORIZED: SpokenCause = {
  pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
  code: 'registry',
  message: ({ access, target, login }) =>
    login === undefined
      ? `the registry requires credentials with ${access} permission for ${target}`
      : `the registry rejects the credentials for ${target} (${login.source})`,
  remedy: ({ login, registry }) => {
    if (login === undefined)
      return 'Log in first (docker/login-action, docker login, podman login or oras login), or set registry-username and registry-password';
    return {
      input: `Check ${login.source}: user name or password is wrong, or the token has expired or is not for ${registry}`,
      file: `Log in to ${registry} again: the password has changed or the token has expired`,
      helper: `Check the account that ${login.source} logs in with, and that it may read and write in ${registry}`,
    }[login.from];
  },
};

/** What credentials need for each kind of call. */
const PERMISSION: Readonly<Record<Access, string>> = {
  pull: 'pull permission on the repository (on GitHub: permissions: packages: read)',
  push: 'push permission on the repository (on GitHub: permissions: packages: write)',
  delete: 'permission to delete manifests of the repository',
};

/** The first that matches the message of oras counts. The patterns are those of Go's net/http and oras-go. */
const CAUSES: readonly SpokenCause[] = [
  ...PROXY_CAUSES,
  ...TLS_CAUSES,
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    only: 'delete',
    pattern: /status code (?:405|501)|^unsupported\b|: unsupported\b|method not allowed/i,
    code: 'registry',
    message: ({ target }) => `the registry does not allow manifests to be deleted: ${target} stays`,
    remedy: () =>
      'Enable deletion in the registry (distribution: storage.delete.enabled), or delete it where the registry permits it, such as on its web page',
  },
  {
    // Since oras 1.3.3; see leaksCredentials.
    pattern: /upload Location\s+(is on a different host|downgrades scheme)/i,
    code: 'registry',
    message: ({ target }) => `the registry sent the upload of ${target} to another host`,
    remedy: () =>
      'Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header',
  },
  NO_REFERRERS_API,
  {
    transient: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: 'registry',
    message: ({ access, target }) =>
      `the registry limits the rate of requests: ${access} of ${target} failed`,
    remedy: () => 'Log in if the limit is that for anonymous users, or wait; then run again',
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: 'registry',
    message: ({ access, target }) => `the registry denies ${access} access to ${target}`,
    remedy: ({ access }) => `Give these credentials ${PERMISSION[access]}`,
  },
  UNAUTHORIZED,
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: 'registry',
    message: ({ target }) => `the registry does not allow a tag of ${target} to be overwritten`,
    remedy: () =>
      'Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)',
  },
  {
    pattern: /status code 413|entity too large|payload too large|size invalid/i,
    code: 'registry',
    message: ({ access, target }) =>
      `${access} of ${target} is larger than the registry or a proxy in front of it accepts`,
    remedy: () =>
      'Raise its limit on the size of a request (nginx: client_max_body_size), or use a registry without such a limit',
  },
  {
    pattern: /status code 415|unsupported media type|^unsupported:/i,
    code: 'registry',
    message: ({ access, target }) =>
      `the registry does not accept the media type of ${target}: ${access} failed`,
    remedy: () =>
      'Update the registry to a release that accepts OCI artifacts with a subject, or use another registry',
  },
  {
    // What was asked for is unknown to some server: that of tokens, say.
    pattern: /(?:name|manifest|blob) unknown|status code 404/i,
    code: 'registry',
    message: ({ access, target }) =>
      `${access} of ${target} failed: the registry or its token server does not find what it was asked for`,
    remedy: () =>
      'Check the name, and that these credentials have access to it; if so, look up that answer in the log of the registry and of its token server',
  },
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: 'image',
    message: ({ target }) => `the registry sent content that is not ${target}`,
    remedy: () => 'Run again; if that does not help, the registry or a proxy in front of it is damaged',
  },
  {
    transient: true,
    pattern:
      /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: 'registry',
    message: ({ target }) => `the registry of ${target} cannot be reached or closed the connection`,
    remedy: () => 'Check the registry name and the network, then run again',
  },
  {
    transient: true,
    pattern: /status code 5\d\d/i,
    code: 'registry',
    message: ({ target }) => `the registry failed on ${target}`,
    remedy: () => 'Run again once the registry has recovered',
  },
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    pattern: /status code 400|manifest invalid/i,
    code: 'registry',
    message: ({ access, target }) => `the registry rejects the ${access} of ${target}`,
    remedy: ({ access }) =>
      access === 'push'
        ? 'Look up the reason above in the manual of the registry: it may not accept OCI artifacts with a subject, or this name; use another registry if so'
        : 'Look up the reason above in the manual of the registry, or check the name',
  },
];

/** Broken connections. oras retries only after answers of 408, 429 and 5xx. */
const BROKEN =
  /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;

/**
 * Whether the same call may succeed when it is repeated: after a broken connection, and after a push
 * that failed without a permanent cause. oras cannot send the body of a blob again, so it does not retry
 * an upload after an answer of 5xx or 429.
 */
export function isTransient(error: unknown, access: Access, target: string, login?: Login): boolean {
  if (error instanceof HttpError) return error.failure === 'interrupted';
  if (error instanceof AnswerError) return error.isTransient;
  if (!(error instanceof ToolError) || error.timedOut || error.stderr === '') return false;
  if (BROKEN.test(plainWords(error, nameIn(target, login)))) return true;
  const cause = causeOf(error, access, target, login);
  return access === 'push' && (cause === undefined || cause.transient === true);
}

/** Sees all words, however long: oras prints a name twice, and the URL of an upload, before it says why. */
function causeOf(
  error: ToolError | AnswerError,
  access: Access,
  target: string,
  login: Login | undefined,
): Cause | undefined {
  const name = nameIn(target, login);
  if (isAbsent(error, name)) return NOT_FOUND;
  const words = plainWords(error, name);
  return CAUSES.find(({ pattern, only = access }) => only === access && pattern.test(words));
}

/** Failures to reach a server. One that breaks off, or is late, may have begun its answer. */
const UNANSWERED: readonly HttpFailure[] = ['proxy-setting', 'proxy', 'unreachable', 'certificate'];

/** A failure of an oras call that has one of the causes above. */
class KnownFailure extends VeritySignError {
  readonly known: Cause;

  constructor(known: Cause, call: Call, words: string, cause: unknown) {
    super(known.code, `${known.message(call)} (${words})`, { remedy: known.remedy(call), cause });
    this.known = known;
  }
}

/** Whether the registry answered that it has no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KnownFailure && error.known === NOT_FOUND;
}

/** Whether a request without oras was never answered. */
export function getsNoAnswer(error: unknown): boolean {
  const { cause } = error as Error;
  return cause instanceof HttpError && UNANSWERED.includes(cause.failure);
}

/** Whether the registry answered, and what it answered will not change by itself. */
export function isRefusal(error: unknown): boolean {
  return error instanceof KnownFailure && error.known.transient !== true;
}

/** Whether oras, restricted to the referrers API, found that the registry has none. */
export function lacksReferrersApi(error: unknown): boolean {
  return error instanceof KnownFailure && error.known === NO_REFERRERS_API;
}

/** The error of a registry without the referrers API, where that alone is to be used. */
export function noReferrersApi(): VeritySignError {
  const call = { access: 'pull', target: '', registry: '', login: undefined } as const;
  return new KnownFailure(NO_REFERRERS_API, call, 'referrers API: unsupported', undefined);
}

/** Whether the registry wants credentials, or others, for this call. */
export function isUnauthorized(error: unknown, access: Access, target: string, login?: Login): boolean {
  if (error instanceof AnswerError) return error.status === 401;
  return error instanceof ToolError && causeOf(error, access, target, login) === UNAUTHORIZED;
}

/**
 * The failure of an oras call, or of a request without oras, as an error of this program, with its own message
 * at the end.
 */
export function orasFailure(error: unknown, access: Access, target: string, login?: Login): unknown {
  if (error instanceof HttpError) return httpFailure(error, access, target);
  if (error instanceof AnswerError) return known(error, access, target, login);
  if (!(error instanceof ToolError)) return error;
  if (error.timedOut) {
    return new VeritySignError('registry', `the registry did not answer about ${target} within the timeout`, {
      remedy: 'Raise timeout, or run again later',
      cause: error,
    });
  }
  return error.stderr === '' ? error : known(error, access, target, login);
}

function known(
  error: ToolError | AnswerError,
  access: Access,
  target: string,
  login: Login | undefined,
): VeritySignError {
  const words = `${error instanceof ToolError ? 'oras: ' : ''}${shortWords(error)}`;
  const cause = causeOf(error, access, target, login);
  if (cause === undefined) {
    return new VeritySignError('registry', `${access} of ${target} failed (${words})`, {
      remedy: 'Look up that answer in the log or the manual of the registry, then run again',
      cause: error,
    });
  }
  const call = { access, target, registry: target.slice(0, target.indexOf('/')), login };
  return new KnownFailure(cause, call, words, error);
}

function httpFailure(error: HttpError, access: Access, target: string): VeritySignError {
  return new VeritySignError(
    'registry',
    `${access} of ${target} failed: ${error.url.host} ${error.message}`,
    {
      remedy: error.remedy ?? 'Check the registry name and the network, then run again',
      cause: error,
    },
  );
}
