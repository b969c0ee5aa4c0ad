import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { targetOf } from '../../../../src/frontend/github/target.ts';
import { githubVariables, HEAD, MERGE, PULL, pullRequest } from '../../../helpers/github-run.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const API = 'https://api.github.example/';
const of = (event: object, changes: Record<string, string> = {}) =>
  targetOf(githubVariables(folder, API, event, changes));

test('a pull request: its head, not the merge commit', () => {
  expect(of(pullRequest())).toEqual({
    api: 'https://api.github.example',
    owner: 'owner',
    repo: 'repository',
    sha: HEAD,
    pull: PULL,
    job: 'owner/repository/.github/workflows/release.yml sign',
    attempt: '42.1',
    runUrl: 'https://github.example/owner/repository/actions/runs/42/attempts/1',
  });
});

describe('the commit', () => {
  const head = { head_sha: HEAD };
  test.each([
    ['a push', {}, MERGE],
    ['a workflow run', { workflow_run: head }, HEAD],
    ['a merge queue', { merge_group: head }, HEAD],
    ['a check suite', { check_suite: head, workflow_run: null, pull_request: null }, HEAD],
    ['a check run', { check_run: head }, HEAD],
  ])('of %s', (_what, event, sha) => {
    expect(of(event)).toMatchObject({ sha });
    expect(of(event).pull).toBeUndefined();
  });
});

describe('the pull request of a workflow run', () => {
  const { pull_request: pull, repository } = pullRequest() as {
    pull_request: { head: object };
    repository: object;
  };
  const moved = { ...pull, head: { ...pull.head, sha: MERGE } };
  const upstream = { ...pull, base: { ref: 'main', repo: { id: 5 } } };
  const headOf = { head_branch: 'change', head_repository: { id: 2, owner: { login: 'somebody' } } };
  const run = (pulls: object[]) =>
    of({ repository, workflow_run: { head_sha: HEAD, pull_requests: pulls, ...headOf } });

  test.each([
    ['its own', [pull], { pull: PULL, head: undefined }],
    ['several', [pull, pull], { pull: undefined, head: undefined }],
    ['one that has moved on', [moved], { pull: undefined, head: undefined }],
    ['one of another repository', [upstream], { pull: undefined, head: 'somebody:change' }],
    ['its own and one of another repository', [upstream, pull], { pull: PULL, head: undefined }],
    ['none, as for forks', [], { pull: undefined, head: 'somebody:change' }],
  ])('%s', (_what, pulls, expected) => {
    const { pull: number, head } = run(pulls);
    expect({ pull: number, head }).toEqual(expected);
  });

  test('a repository or branch that is gone', () => {
    for (const gone of [{ head_branch: null }, { head_repository: null }]) {
      const event = { repository, workflow_run: { head_sha: HEAD, pull_requests: [], ...headOf, ...gone } };
      expect(of(event).head).toBeUndefined();
    }
  });
});

test('whose token cannot write', () => {
  expect(of(pullRequest({ fork: true })).readOnly).toMatch(/^the pull request comes from a fork/);
  expect(of(pullRequest(), { GITHUB_ACTOR: 'dependabot[bot]' }).readOnly).toMatch(/^Dependabot started/);
  const target = { GITHUB_EVENT_NAME: 'pull_request_target' };
  expect(of(pullRequest({ fork: true }), target).readOnly).toBeUndefined();
  expect(of({}, { GITHUB_ACTOR: 'dependabot[bot]' }).readOnly).toBeUndefined();
});

test('what stays the same for another reference, run and attempt', () => {
  const changes = {
    GITHUB_WORKFLOW_REF: 'owner/repository/.github/workflows/release.yml@refs/heads/main',
    GITHUB_RUN_ID: '43',
    GITHUB_RUN_ATTEMPT: '9',
  };
  expect(of({}, changes).job).toBe(of(pullRequest()).job);
  expect(of({}, { GITHUB_JOB: 'other' }).job).not.toBe(of({}).job);
});

test.each([
  [{ GITHUB_REPOSITORY: '' }],
  [{ GITHUB_REPOSITORY: 'a/b/c' }],
  [{ GITHUB_REPOSITORY: 'a' }],
  [{ GITHUB_SHA: '' }],
  [{ GITHUB_SHA: '../main' }],
])('no place on GitHub: %j', (changes) => {
  expect(() => of({}, changes)).toThrow('the environment names no repository and commit of GitHub');
});

test('without a variable for the API it is that of github.com', () => {
  expect(of({}, { GITHUB_API_URL: '' }).api).toBe('https://api.github.com');
});

test('an event that cannot be read', () => {
  const path = join(folder, 'broken.json');
  writeFileSync(path, '{');
  expect(() => of({}, { GITHUB_EVENT_PATH: path })).toThrow(/^GITHUB_EVENT_PATH: the event .*not valid JSON/);
  expect(() => of({}, { GITHUB_EVENT_PATH: `${path}.none` })).toThrow('ENOENT');
  expect(() => of({ pull_request: { number: 1 } })).toThrow('is malformed');
});
