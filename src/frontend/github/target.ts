import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { decodeJson, matchSchema } from '../../formats/strict-json.ts';
import { readGivenSync } from '../../lib/read-given.ts';

/** Where in GitHub a run is reported. */
export interface Target {
  /** URL of the API without a slash at its end; a GitHub Enterprise Server has its own. */
  api: string;
  owner: string;
  repo: string;
  /** The commit that the run is about. */
  sha: string;
  /** Number of the pull request; undefined if the event names none, or several. */
  pull?: number;
  /** `OWNER:BRANCH` of a workflow run whose event names no pull request, as GitHub does for those from forks. */
  head?: string;
  /** Why the run's own token cannot write; undefined if nothing says so. */
  readOnly?: string;
  /** What stays the same when the job runs again: the workflow's file and the job. */
  job: string;
  /** Which run of the workflow it is, and which attempt at it. */
  attempt?: string;
  /** Page of the run. */
  runUrl?: string;
}

/** Ids are numbers in the API. Repositories that were deleted are null. */
const repository = z.object({ id: z.number() }).nullish();
const pull = z.object({
  number: z.number().int().positive(),
  head: z.object({ sha: z.string(), repo: repository }),
  base: z.object({ repo: repository }),
});
const head = z.object({ head_sha: z.string() });
/** The parts of an event that say which commit a run is about. */
const eventSchema = z.object({
  pull_request: pull.nullish(),
  repository,
  workflow_run: head
    .extend({
      pull_requests: z.array(pull).nullish(),
      head_branch: z.string().nullish(),
      head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullish(),
    })
    .nullish(),
  merge_group: head.nullish(),
  check_suite: head.nullish(),
  check_run: head.nullish(),
});
type Pull = z.output<typeof pull>;
type Event = z.output<typeof eventSchema>;

const DOCS = 'https://github.com/verity-sign/verity-sign/blob/main/docs/github.md';

/**
 * Reads from the variables of the runner and the event what a run is about. In a pull request, GITHUB_SHA is a
 * merge commit that nobody sees and no rule looks at: the head of the pull request is meant.
 * @throws VeritySignError 'environment' outside of a workflow, or if the event cannot be read
 */
export function targetOf(env: NodeJS.ProcessEnv): Target {
  const [owner, repo, ...more] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const event = eventOf(env.GITHUB_EVENT_PATH);
  const sha = commitOf(event) ?? env.GITHUB_SHA;
  if (!owner || !repo || more.length > 0 || sha === undefined || !/^[0-9a-f]{40,64}$/.test(sha)) {
    throw new VeritySignError('environment', 'the environment names no repository and commit of GitHub', {
      remedy: 'Set github-token only in a workflow of GitHub Actions',
    });
  }
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt = '1' } = env;
  const named = pullsOf(event);
  const number = pullFor(named, sha);
  const head = named.length === 0 ? headOf(event) : undefined;
  const readOnly = whyReadOnly(event, env);
  return {
    api: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    ...{ owner, repo, sha },
    ...(number === undefined ? {} : { pull: number }),
    ...(head === undefined ? {} : { head }),
    ...(readOnly === undefined ? {} : { readOnly }),
    // Without the reference: a pull request that is merged keeps the workflow.
    job: `${(env.GITHUB_WORKFLOW_REF ?? '').replace(/@.*/s, '')} ${env.GITHUB_JOB ?? ''}`,
    ...(run ? { attempt: `${run}.${attempt}` } : {}),
    ...(server && run
      ? { runUrl: `${server}/${owner}/${repo}/actions/runs/${run}/attempts/${attempt}` }
      : {}),
  };
}

function eventOf(path: string | undefined): Event {
  if (!path) return {};
  try {
    return matchSchema(eventSchema, decodeJson(readGivenSync(path)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError(
      'environment',
      `GITHUB_EVENT_PATH: the event ${path} cannot be read (${reason})`,
      {
        remedy: 'Report it: GitHub has changed the event, or the file is damaged',
        cause,
      },
    );
  }
}

function commitOf(event: Event): string | undefined {
  const { pull_request: request, workflow_run: run, merge_group: group, check_suite: suite } = event;
  return request?.head.sha ?? (run ?? group ?? suite ?? event.check_run)?.head_sha;
}

/** Of this repository: a run in a fork may name a pull request of the repository that it was forked from. */
function pullsOf({ pull_request: request, workflow_run: run, repository: own }: Event): Pull[] {
  if (request != null) return [request];
  return (run?.pull_requests ?? []).filter(({ base }) => own != null && base.repo?.id === own.id);
}

/**
 * The number of the one pull request whose head is the commit: a workflow run may belong to several, and their heads
 * may have moved on.
 */
export function pullFor(
  pulls: readonly { number: number; head: { sha: string } }[],
  sha: string,
): number | undefined {
  const own = pulls.filter(({ head }) => head.sha === sha);
  return own.length === 1 ? own[0]?.number : undefined;
}

function headOf({ workflow_run: run }: Event): string | undefined {
  const owner = run?.head_repository?.owner.login;
  return owner && run?.head_branch ? `${owner}:${run.head_branch}` : undefined;
}

function whyReadOnly({ pull_request: request }: Event, env: NodeJS.ProcessEnv): string | undefined {
  // This event runs with the rights of the base.
  if (request == null || env.GITHUB_EVENT_NAME === 'pull_request_target') return undefined;
  const how = `report from a workflow on workflow_run, see ${DOCS}#forks`;
  if (request.head.repo?.id !== request.base.repo?.id) {
    return `the pull request comes from a fork, whose workflows get a token that cannot write: ${how}`;
  }
  if (env.GITHUB_ACTOR === 'dependabot[bot]') {
    return `Dependabot started the run, and its workflows get a token that cannot write: ${how}`;
  }
  return undefined;
}
