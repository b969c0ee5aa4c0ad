/** Runs of the Actions as GitHub starts them in a repository, with a stand-in of its API. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GithubApi } from './github-api.ts';

export const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ456789';
/** Commits: of the branch's head, and the merge that GitHub tests. */
export const HEAD = 'a'.repeat(40);
export const MERGE = 'b'.repeat(40);
export const PULL = 7;

const repository = (id: number) => ({ id, full_name: `owner/repository-${id}` });

/** The event of a pull request, with more than this program reads. */
export function pullRequest(changes: { fork?: boolean } = {}): object {
  return {
    action: 'synchronize',
    number: PULL,
    pull_request: {
      ...{ number: PULL, title: 'Change <b>things</b> :: ##[error]', body: null },
      head: { ref: 'change', sha: HEAD, repo: repository(changes.fork === true ? 2 : 1) },
      base: { ref: 'main', sha: 'c'.repeat(40), repo: repository(1) },
    },
    repository: repository(1),
  };
}

/** The variables of the runner for an event. */
export function githubVariables(
  folder: string,
  api: GithubApi | string,
  event: object = pullRequest(),
  changes: Record<string, string> = {},
): Record<string, string> {
  const path = join(mkdtempSync(join(folder, 'event-')), 'event.json');
  writeFileSync(path, JSON.stringify(event));
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_API_URL: typeof api === 'string' ? api : api.url,
    GITHUB_REPOSITORY: 'owner/repository',
    GITHUB_WORKFLOW_REF: 'owner/repository/.github/workflows/release.yml@refs/pull/7/merge',
    GITHUB_JOB: 'sign',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: path,
    GITHUB_SHA: MERGE,
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: 'somebody',
    ...changes,
  };
}
