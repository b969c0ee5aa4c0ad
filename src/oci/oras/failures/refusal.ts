import { VeritySignError } from '../../../errors.ts';
import { ToolError } from '../../../lib/process/run.ts';
import type { Descriptor } from '../../../model/index.ts';
import { AnswerError } from '../direct/answer-error.ts';

/**
 * What oras says of a HEAD request that is refused, or whose answer lacks a digest or a length (a proxy that
 * compresses removes both). The same manifest may be readable by GET.
 */
const UNUSABLE_HEAD =
  /missing required header "?Docker-Content-Digest|unknown response Content-Length|HEAD "[^"]*": response status code (?:400|405|406|501)\b/;

/** Whether only the HEAD request of a call failed. */
export function refusesHead(error: unknown): boolean {
  return UNUSABLE_HEAD.test(stderrOf(error));
}

/**
 * A registry refused the list of referrers, after it had answered about the manifest to the same credentials.
 * Registries without the referrers API do so, but it can also mean what it says.
 */
export class ReferrersRefusedError extends VeritySignError {
  constructor(repository: string, subject: Descriptor, status: number, cause: unknown) {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    super(
      'registry',
      `the registry refuses to list (status ${status}) the referrers of ${repository}@${subject.digest}${reason}`,
      {
        remedy:
          'Set referrers: tag if the registry has no referrers API; otherwise give these credentials access to it',
        cause,
      },
    );
  }
}

/** Answers at the referrers endpoint that mean: not here, or not for these credentials. */
const REFUSALS = [400, 401, 403, 405, 406];

/**
 * The status with which a registry refused the list of referrers; undefined if another request failed, or
 * with another status. The error's own message has neither the URL nor, in most cases, the status.
 * @param error of `oras discover --debug`, or of the request itself
 */
export function referrersRefusal(error: unknown): number | undefined {
  if (error instanceof VeritySignError && error.cause instanceof AnswerError) {
    const { status } = error.cause;
    return REFUSALS.includes(status) ? status : undefined;
  }
  const words = /^> Request URL: "([^"]*)"|^< Response Status: "(\d{3})/gm;
  let url = '';
  let last: { url: string; status: number } | undefined;
  for (const [, asked, answered] of stderrOf(error).matchAll(words)) {
    if (asked !== undefined) url = asked;
    // Token servers are asked in between.
    else if (/\/v2\/.+\/(?:manifests|referrers)\//.test(url)) last = { url, status: Number(answered) };
  }
  if (last === undefined || !/\/v2\/.+\/referrers\/[^/]+$/.test(last.url)) return undefined;
  return REFUSALS.includes(last.status) ? last.status : undefined;
}

function stderrOf(error: unknown): string {
  if (error instanceof ToolError) return error.stderr;
  return error instanceof VeritySignError && error.cause instanceof ToolError ? error.cause.stderr : '';
}
