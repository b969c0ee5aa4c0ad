import { VeritySignError } from '../../errors.ts';
import { ToolError } from '../../lib/process/run.ts';

export type Access = 'pull' | 'push';

interface Cause {
  pattern: RegExp;
  /** It may well be over a moment later. */
  passing?: true;
  code: 'registry' | 'environment' | 'image' | 'usage';
  message: (access: Access, target: string) => string;
  remedy: (access: Access) => string;
}

const NOT_FOUND: Cause = {
  pattern: /not found|name unknown|manifest unknown|blob unknown|status code 404/i,
  code: 'registry',
  message: (_access, target) => `${target} is not in the registry`,
  remedy: () => 'Check the name, and that these credentials may see it',
};

/** In order: the first that fits what oras said. Its words are those of Go's net/http and oras-go. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: 'registry',
    message: () => 'the registry speaks plain HTTP, HTTPS was expected',
    remedy: () => 'Set plain-http if this registry is meant to have no TLS',
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate|tls: /i,
    code: 'registry',
    message: () => "the registry's TLS certificate cannot be trusted",
    remedy: () => "Give the certificate of the registry's authority as ca-file",
  },
  {
    pattern: /referrers API: unsupported/i,
    code: 'registry',
    message: () => 'the registry has no referrers API',
    remedy: () => 'Set referrers to auto, or to tag for the fallback tag',
  },
  {
    passing: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: 'registry',
    message: (access, target) =>
      `the registry limits the rate of requests, ${access} of ${target} was given up`,
    remedy: () => 'Wait a while, or log in if the limit is that for anonymous users, then run again',
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: 'registry',
    message: (access, target) => `the registry denies ${access} access to ${target}`,
    remedy: (access) =>
      access === 'push'
        ? 'Give these credentials push permission on the repository (on GitHub: permissions: packages: write)'
        : 'Give these credentials pull permission on the repository (on GitHub: permissions: packages: read)',
  },
  {
    pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
    code: 'registry',
    message: (access, target) => `the registry wants credentials with ${access} permission for ${target}`,
    remedy: () =>
      'Log in before (docker/login-action, docker login, oras login), or set registry-username and registry-password',
  },
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: 'registry',
    message: (_access, target) => `the registry does not let a tag of ${target} be overwritten`,
    remedy: () =>
      'Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)',
  },
  NOT_FOUND,
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: 'image',
    message: (_access, target) => `the registry sent other content than ${target}`,
    remedy: () => 'Run again; if that does not help, the registry or a proxy before it is damaged',
  },
  {
    passing: true,
    pattern:
      /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: 'registry',
    message: (_access, target) => `the registry of ${target} cannot be reached or broke the connection off`,
    remedy: () => 'Check the registry name and the network, then run again',
  },
  {
    passing: true,
    pattern: /status code 5\d\d/i,
    code: 'registry',
    message: (_access, target) => `the registry failed on ${target}`,
    remedy: () => 'Run again once the registry has recovered',
  },
];

/** Connections that broke: oras itself tries again only after answers of 408, 429 and 5xx. */
const BROKEN =
  /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;

/**
 * Whether the same call may well succeed when it is made once more: after a broken connection, and
 * after a push that failed for no reason that lasts. oras cannot send the body of a blob again, so an
 * answer of 5xx or 429 to an upload ends it at once.
 */
export function isTransient(error: unknown, access: Access, target: string): boolean {
  if (!(error instanceof ToolError) || error.timedOut || error.stderr === '') return false;
  const words = shorten(error.stderr);
  if (BROKEN.test(words)) return true;
  const cause = causeOf(words, target);
  return access === 'push' && (cause === undefined || cause.passing === true);
}

/** Names and URLs are left out: a repository may be called `immutable`. */
function causeOf(words: string, target: string): Cause | undefined {
  const plain = words.replaceAll(/"[^"]*"/g, '').replaceAll(target, '');
  return CAUSES.find(({ pattern }) => pattern.test(plain));
}

/** Whether the registry answered that it has no such thing. */
export function isNotFound(error: unknown, target: string): boolean {
  const said = error instanceof VeritySignError && error.cause instanceof ToolError ? error.cause.stderr : '';
  return causeOf(shorten(said), target) === NOT_FOUND;
}

/** As isNotFound, of an error that orasFailure has put into words, whatever was asked for. */
export function saysNotFound(error: unknown): boolean {
  return error instanceof VeritySignError && error.message.includes(' is not in the registry (oras: ');
}

/** Whether oras found that the registry has no referrers API when told to use nothing else. */
export function lacksReferrersApi(error: unknown): boolean {
  return error instanceof VeritySignError && /referrers API: unsupported/i.test(error.message);
}

/** The failure of an oras call in this program's terms, with oras' own words at the end. */
export function orasFailure(error: unknown, access: Access, target: string): unknown {
  if (!(error instanceof ToolError)) return error;
  if (error.timedOut) {
    return new VeritySignError('registry', `no answer about ${target} within the time limit`, {
      remedy: 'Raise timeout, or try again later',
      cause: error,
    });
  }
  if (error.stderr === '') return error;
  const words = shorten(error.stderr);
  const cause = causeOf(words, target);
  if (cause === undefined) {
    return new VeritySignError('registry', `${access} of ${target} failed (oras: ${words})`, {
      cause: error,
    });
  }
  return new VeritySignError(cause.code, `${cause.message(access, target)} (oras: ${words})`, {
    remedy: cause.remedy(access),
    cause: error,
  });
}

/** The line of the error itself: hints about oras' command line and file paths do not help here. */
function shorten(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => text.startsWith('Error')) ?? lines.at(-1) ?? '';
  const words = line.replace(/^Error( response from registry)?:\s*/, '').trim();
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}
