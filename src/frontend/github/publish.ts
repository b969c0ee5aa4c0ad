import { withRetries } from '../../lib/retry.ts';
import type { Logger } from '../../logger.ts';
import { errorReport } from '../../report/failed-image.ts';
import { optional } from '../inputs/values.ts';
import { alert, type Markdown, md, withinLimit } from '../render/markdown.ts';
import { retryOf, whyNot } from './api-failure.ts';
import { MOST_SUMMARY, publishCheck } from './check-run.ts';
import { type Client, githubClient } from './client.ts';
import { MOST_COMMENT, marker, openPull, publishComment } from './comment.ts';
import { distinctKinds } from './layer-changes.ts';
import type { Mark } from './mark.ts';
import type { GithubOptions } from './options.ts';
import { type Entry, type LayerSource, reportOf, type Verb, worstConclusion } from './outcome.ts';
import { type Base, renderComment } from './render-comment.ts';
import { byDigest, checkName, fingerprint, type Subject, subjectsOf } from './subjects.ts';
import type { Target } from './target.ts';

/** Milliseconds for everything that is sent to GitHub; less if the runner waits for the end of a cancelled run. */
const PATIENCE = 180_000;
const PATIENCE_CANCELLED = 5_000;
const ATTEMPTS = 3;
/** The permission that comments need. */
const COMMENTING = 'pull-requests: write';

/** What a run hands over. */
export interface Publication<Report extends object> {
  options: GithubOptions;
  verb: Verb<Report>;
  /** In the order of the input. */
  entries: readonly Entry<Report>[];
  platforms: readonly string[];
  pushTo: readonly string[];
  /** Markdown of at most `limit` bytes. */
  renderSummary(reports: readonly Report[], limit: number): string;
  /** The root hashes of the base image, as those of `verb` are. */
  readBase(reference: string): Promise<LayerSource>;
  log: Logger;
  /** True if the run was cancelled. */
  cancelled: boolean;
  target: Target;
}

interface Place {
  client: Client;
  target: Target;
  /** Aborts when the time for everything is over. */
  signal: AbortSignal;
}

/**
 * Shows a run on GitHub: check runs of the commit, a comment on the pull request. What GitHub refuses is a warning.
 */
export async function publish<Report extends { image: { reference: string } }>(
  publication: Publication<Report>,
): Promise<void> {
  const { options, verb, entries, pushTo, cancelled, target } = publication;
  const signal = AbortSignal.timeout(cancelled ? PATIENCE_CANCELLED : PATIENCE);
  const client = githubClient(target.api, options.token, signal);
  const place = { client, target, signal };
  const subjects = subjectsOf(entries, verb, pushTo);
  await publishChecks(publication, subjects, place);
  if (options.comment) await publishComments(publication, subjects, place);
}

async function publishChecks<Report extends { image: { reference: string } }>(
  publication: Publication<Report>,
  subjects: readonly Subject<Report>[],
  place: Place,
): Promise<void> {
  const { options, verb, platforms } = publication;
  const { client, target } = place;
  const shown = subjects.flatMap((subject) => [
    ...(options.checks.includes('image') ? [subject] : []),
    ...(options.checks.includes('digest') ? byDigest(subject) : []),
  ]);
  for (const subject of shown) {
    const name = checkName(subject, verb.name, platforms);
    const references = subject.members.map(({ reference }) => reference);
    const id = `verity-sign/${fingerprint(target.job, name, ...references).slice(0, 40)}`;
    const check = {
      name,
      mark: markOf(subject, id, target),
      title: titleOf(subject),
      summary: summaryOf(subject, publication),
    };
    const done = await show(publication, place, `the check "${name}"`, 'checks: write', () =>
      publishCheck(client, target, check),
    );
    // The others would fail for the same reason, and each warning is an annotation.
    if (!done) return;
  }
}

async function publishComments<Report extends { image: { reference: string } }>(
  publication: Publication<Report>,
  subjects: readonly Subject<Report>[],
  place: Place,
): Promise<void> {
  const { verb, platforms, log, cancelled } = publication;
  const { client, target } = place;
  const { job, runUrl } = target;
  const found = await pullOf(publication, place);
  if (found === undefined) return;
  const { result: pull } = found;
  if (pull === undefined) {
    log.info('No comment on GitHub: the run belongs to no pull request, or to several');
    return;
  }
  const base = cancelled ? undefined : await baseOf(publication);
  for (const subject of subjects) {
    const name = checkName(subject, verb.name, platforms);
    const mark = markOf(subject, fingerprint(job, name).slice(0, 40), target);
    const line = marker(mark);
    const images = subject.members.map(({ reference, outcome, entry }) => {
      const report = reportOf(entry);
      const sets = report === undefined ? [] : distinctKinds(verb.layers(report));
      return { reference, outcome, sets };
    });
    const room = MOST_COMMENT - line.length - 1;
    const body = `${line}\n${renderComment(name, images, base, runUrl, room)}`;
    const what = `the comment on pull request ${pull}`;
    const done = await show(publication, place, what, COMMENTING, () =>
      publishComment(client, target, pull, mark, body),
    );
    if (!done) return;
  }
}

/** The pull request that gets comments, if there is one. @returns undefined after a warning */
async function pullOf<Report extends object>(
  publication: Publication<Report>,
  place: Place,
): Promise<{ result: number | undefined } | undefined> {
  const { client, target } = place;
  const { pull, head } = target;
  if (pull !== undefined || head === undefined) return { result: pull };
  const what = 'a comment on the pull request of this workflow run';
  return attempt(publication, place, what, COMMENTING, () => openPull(client, target, head));
}

function markOf<Report extends object>({ members }: Subject<Report>, id: string, { attempt }: Target): Mark {
  const conclusion = worstConclusion(members.map(({ outcome }) => outcome.conclusion));
  return { id, conclusion, ...optional('attempt', attempt) };
}

/** Undefined if there is nothing to compare with. A base image that cannot be read is no failure of the run. */
async function baseOf<Report extends object>({
  options,
  verb,
  readBase,
  log,
}: Publication<Report>): Promise<Base | undefined> {
  const { baseImage: reference } = options;
  if (reference === undefined) return undefined;
  const base = { reference, origin: verb.baseOrigin };
  try {
    const { sets, reason = `it has no root hashes that were ${verb.baseOrigin}` } = await readBase(reference);
    return sets.length > 0 ? { ...base, sets: distinctKinds(sets) } : { ...base, reason };
  } catch (error) {
    const { message, remedy } = errorReport(error);
    log.warn(
      `base-image ${reference} is not compared: ${message}${remedy === undefined ? '' : `. ${remedy}`}`,
    );
    return { ...base, reason: message };
  }
}

/**
 * Sends something that GitHub then shows.
 * @param send resolves to false if GitHub goes on showing what another part of the same attempt has reported
 * @returns false after a warning
 */
async function show<Report extends object>(
  publication: Publication<Report>,
  place: Place,
  what: string,
  permission: string,
  send: () => Promise<boolean>,
): Promise<boolean> {
  const sent = await attempt(publication, place, what, permission, send);
  if (sent === undefined) return false;
  publication.log.info(
    sent.result
      ? `GitHub shows ${what}`
      : `GitHub keeps ${what} as it is: another step or job of this run has reported a worse verdict there`,
  );
  return true;
}

/** Sends something again if GitHub asks for it. @returns undefined after a warning */
async function attempt<Report extends object, T>(
  { log }: Publication<Report>,
  { target, signal }: Place,
  what: string,
  permission: string,
  send: () => Promise<T>,
): Promise<{ result: T } | undefined> {
  try {
    return { result: await withRetries(send, retryOf, signal, ATTEMPTS) };
  } catch (error) {
    log.warn(
      `GitHub does not show ${what}: ${whyNot(error, permission, target)}. The run itself is not affected`,
    );
    return undefined;
  }
}

/** `Signed sha256:…`, or how many images there are and what became of the worst. */
function titleOf<Report extends object>({ members }: Subject<Report>): string {
  const worst = worstConclusion(members.map(({ outcome }) => outcome.conclusion));
  const first = members.find(({ outcome }) => outcome.conclusion === worst)?.outcome;
  const words = `${first?.words}${first?.digest === undefined ? '' : `: ${first.digest}`}`;
  return members.length === 1 ? words : `${members.length} images; ${words}`;
}

/** What failed, then what the job summary has of these images. */
function summaryOf<Report extends object>(
  { members }: Subject<Report>,
  { renderSummary }: Publication<Report>,
): string {
  const failures = members.flatMap(({ reference, outcome: { error } }): Markdown[] => {
    if (error === undefined) return [];
    const remedy = error.remedy === undefined ? md`` : md` ${error.remedy}.`;
    return alert('CAUTION', [md`**${reference}**: ${error.message}.${remedy}`]);
  });
  const first = withinLimit(failures, MOST_SUMMARY / 2, 'this check');
  const reports = members.flatMap(({ entry }) => reportOf(entry) ?? []);
  if (reports.length === 0) return first;
  return `${first}${renderSummary(reports, MOST_SUMMARY - Buffer.byteLength(first))}`;
}
