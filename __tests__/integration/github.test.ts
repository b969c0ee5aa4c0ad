/** What GitHub shows of runs of both Actions, by a strict stand-in of its API. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { GithubApi, type GithubApiOptions } from '../helpers/github-api.ts';
import { githubVariables, HEAD, MERGE, PULL, pullRequest, TOKEN } from '../helpers/github-run.ts';
import { type ObservedRun, observeAction, shownBy } from '../helpers/observed-run.ts';
import { pki } from '../helpers/pki.ts';
import { startRecordingProxy } from '../helpers/recording-proxy.ts';
import { githubHtml } from '../helpers/rendered-markdown.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { filesWith, watchedTools } from '../helpers/watched-tools.ts';

const folder = testFolder();
const BASE = ['simple-gzip', 'dirs-zstd'];
const LAYERS = ['simple-gzip', 'xattrs-gzip'];
let keys: { key: string; certificate: string; trusted: string };
let base: string;
let api: GithubApi | undefined;
let layouts = 0;

beforeAll(async () => {
  const leaf = (await pki()).leaf('p256');
  keys = { key: leaf.keyPath, certificate: leaf.chainPath, trusted: leaf.caPath };
  base = await image(BASE);
});
afterEach(async () => {
  await api?.stop();
  api = undefined;
});

/** A new layout. */
async function image(layers: readonly string[] = LAYERS): Promise<string> {
  layouts += 1;
  const path = join(folder, `layout-${layouts}`);
  await writeVectorImage(path, layers);
  return `oci:${path}`;
}

async function github(options: Partial<GithubApiOptions> = {}): Promise<GithubApi> {
  api = await GithubApi.start({ token: TOKEN, commits: [HEAD, MERGE], ...options });
  return api;
}

type Inputs = Record<string, string>;

function sign(reference: string, inputs: Inputs, env: Inputs): Promise<ObservedRun> {
  const { key, certificate } = keys;
  return observeAction(folder, 'action', { image: reference, key, certificate, ...inputs }, env);
}

function verify(reference: string, inputs: Inputs, env: Inputs): Promise<ObservedRun> {
  const trusted = { 'trusted-certificate': keys.trusted };
  return observeAction(folder, 'verify-action', { image: reference, ...trusted, ...inputs }, env);
}

const warnings = ({ stdout }: ObservedRun): string[] =>
  [...stdout.matchAll(/^::warning::(.*)$/gm)].map(([, text]) => text ?? '');
const posted = ({ requests }: GithubApi): string[] =>
  requests.map(({ route }) => route).filter((route) => !route.startsWith('GET'));
const RUN = 'https://github.example/owner/repository/actions/runs/42/attempts/1';
const CREATED = ['POST /check-runs', 'POST /check-runs', 'POST /issues/{id}/comments'];
const UPDATED = ['PATCH /check-runs/{id}', 'PATCH /check-runs/{id}', 'PATCH /issues/comments/{id}'];
const COMMENTING = { 'github-token': TOKEN, 'github-comment': 'true' };

describe('checks and comment', () => {
  test('are created once and updated afterwards, by sign and by verify', async () => {
    const server = await github();
    const reference = await image();
    const env = githubVariables(folder, server);
    const first = await sign(reference, COMMENTING, env);
    expect({ status: first.status, warnings: warnings(first) }).toEqual({ status: 0, warnings: [] });
    expect(posted(server)).toEqual(CREATED);

    const digest = first.outputs.digest ?? '';
    expect(server.checks.map(({ name, conclusion, head_sha: sha }) => ({ name, conclusion, sha }))).toEqual([
      { name: `verity-sign / ${reference} (sign)`, conclusion: 'success', sha: HEAD },
      { name: `verity-sign / ${reference}@${digest} (sign)`, conclusion: 'success', sha: HEAD },
    ]);
    expect(server.checks[0]?.output.title).toBe(`Layers signed; configuration not covered: ${digest}`);
    expect(server.checks[0]?.details_url).toBe(RUN);
    // The job summary itself.
    expect(first.summary).toContain(server.checks[0]?.output.summary);

    const again = await sign(reference, COMMENTING, { ...env, GITHUB_RUN_ATTEMPT: '2' });
    expect(again.status).toBe(0);
    expect(posted(server).slice(3)).toEqual(UPDATED);
    expect({ checks: server.checks.length, comments: server.comments.length }).toEqual({
      checks: 2,
      comments: 1,
    });
    expect(server.checks[0]?.details_url).toMatch(/attempts\/2$/);

    const verified = await verify(reference, COMMENTING, { ...env, GITHUB_JOB: 'verify' });
    expect(verified.status).toBe(0);
    expect(posted(server).slice(6)).toEqual(CREATED);
    expect(server.checks.slice(2).map(({ name, conclusion }) => ({ name, conclusion }))).toEqual([
      { name: `verity-sign / ${reference} (verify)`, conclusion: 'success' },
      { name: `verity-sign / ${reference}@${digest} (verify)`, conclusion: 'success' },
    ]);
    expect(server.problems).toEqual([]);
  });

  test('a verdict that gets worse replaces the one before', async () => {
    const server = await github();
    const reference = await image();
    const env = githubVariables(folder, server);
    await sign(reference, {}, {});
    expect((await verify(reference, COMMENTING, env)).status).toBe(0);
    const failed = await verify(reference, { ...COMMENTING, 'signer-identity': 'CN=somebody else' }, env);
    expect(failed.status).toBe(1);
    expect(server.checks.map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure']);
    expect(server.checks[0]?.output.title).toMatch(/^NOT TRUSTED: sha256:/);
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toContain('> **NOT TRUSTED**');
    expect(server.problems).toEqual([]);
  });

  test('what failed is not hidden by a step of the same attempt that succeeds; another attempt replaces it', async () => {
    const server = await github();
    const reference = await image();
    const env = githubVariables(folder, server);
    await sign(reference, {}, {});
    expect((await verify(reference, { ...COMMENTING, 'signer-identity': 'CN=other' }, env)).status).toBe(1);
    const passed = await verify(reference, COMMENTING, env);
    expect({ status: passed.status, warnings: warnings(passed) }).toEqual({ status: 0, warnings: [] });
    expect(passed.stdout).toContain(
      '(verify)" as it is: another step or job of this run has reported a worse',
    );
    const shown = () => ({
      checks: server.checks.map(({ conclusion }) => conclusion),
      titles: server.checks.map(({ output: { title } }) => title.startsWith('NOT TRUSTED: ')),
      comments: server.comments.map(({ body }) => body.includes('> **NOT TRUSTED**')),
    });
    expect(shown()).toEqual({ checks: ['failure', 'failure'], titles: [true, true], comments: [true] });

    for (const [other, signer, expected] of [
      [{ GITHUB_RUN_ATTEMPT: '2' }, {}, false],
      [{ GITHUB_RUN_ID: '43' }, { 'signer-identity': 'CN=other' }, true],
      [{ GITHUB_RUN_ID: '44' }, {}, false],
    ] as const) {
      await verify(reference, { ...COMMENTING, ...signer }, { ...env, ...other });
      const conclusion = expected ? 'failure' : 'success';
      expect(shown()).toEqual({
        checks: [conclusion, conclusion],
        titles: [expected, expected],
        comments: [expected],
      });
    }
    expect(server.problems).toEqual([]);
  });

  test('an image that has become unreadable fails under the digest that passed before', async () => {
    const server = await github();
    const layout = await image();
    await sign(layout, {}, {});
    const given = { 'github-token': TOKEN, 'github-check': 'digest' };
    const env = githubVariables(folder, server);
    const { outputs } = await verify(layout, {}, {});
    const reference = `${layout}@${outputs.digest}`;
    expect((await verify(reference, given, env)).status).toBe(0);
    const conclusions = () => server.checks.map(({ name, conclusion }) => [name, conclusion]);
    const name = `verity-sign / ${layout}@${outputs.digest} (verify)`;
    expect(conclusions()).toEqual([[name, 'success']]);

    const blobs = join(layout.slice('oci:'.length), 'blobs/sha256');
    writeFileSync(join(blobs, outputs.digest?.slice('sha256:'.length) ?? ''), '{}');
    expect((await verify(reference, given, { ...env, GITHUB_RUN_ID: '43' })).status).toBe(1);
    expect(conclusions()).toEqual([[name, 'failure']]);
    expect(server.problems).toEqual([]);
  });

  test('a run that fails is a failure with what to do; a digest that is not known is in no name', async () => {
    const server = await github();
    const reference = `oci:${join(folder, 'no-such-layout')}`;
    const failed = await sign(reference, COMMENTING, githubVariables(folder, server));
    expect(failed.status).toBe(1);
    expect(
      server.checks.map(({ name, conclusion, output: { title } }) => ({ name, conclusion, title })),
    ).toEqual([{ name: `verity-sign / ${reference} (sign)`, conclusion: 'failure', title: 'Failed' }]);
    expect(githubHtml(server.checks[0]?.output.summary ?? '')).toContain('no-such-layout');
    expect(server.problems).toEqual([]);
  });

  test('a dry run is neutral, under a name of its own', async () => {
    const server = await github();
    const reference = await image();
    const dry = await sign(reference, { ...COMMENTING, 'dry-run': 'true' }, githubVariables(folder, server));
    expect(dry.status).toBe(0);
    expect(server.checks.map(({ name, conclusion }) => ({ name, conclusion }))).toEqual([
      { name: `verity-sign / ${reference} (dry run)`, conclusion: 'neutral' },
      { name: `verity-sign / ${reference}@${dry.outputs.digest} (dry run)`, conclusion: 'neutral' },
    ]);
    expect(server.problems).toEqual([]);
  });

  test('images of one repository share a check, and the worst counts', async () => {
    const server = await github();
    const good = await image();
    const given = { 'github-token': TOKEN, 'github-check': 'image', platform: 'linux/amd64' };
    const env = githubVariables(folder, server);
    const name = `verity-sign / ${good} (sign, linux/amd64)`;
    expect((await sign(`${good}\n${good}:vectors`, given, env)).status).toBe(0);
    expect(server.checks.map(({ conclusion, ...one }) => [one.name, conclusion])).toEqual([
      [name, 'success'],
    ]);
    expect(server.checks[0]?.output.title).toMatch(/^2 images; Layers signed/);

    expect((await sign(`${good}\n${good}:absent`, given, env)).status).toBe(1);
    expect(server.checks.map(({ conclusion, ...one }) => [one.name, conclusion])).toEqual([
      [name, 'success'],
      [name, 'failure'],
    ]);
    expect(server.checks[1]?.output.title).toBe('2 images; Failed');
    expect(server.problems).toEqual([]);
  });
});

describe('the commit', () => {
  test.each([
    ['push', {}, MERGE],
    ['push', { after: HEAD, check_run: null, workflow_run: null }, MERGE],
    ['workflow_run', { workflow_run: { head_sha: HEAD, pull_requests: [] } }, HEAD],
    ['merge_group', { merge_group: { head_sha: HEAD } }, HEAD],
  ])('of %s %j', async (name, event, sha) => {
    const server = await github();
    const env = githubVariables(folder, server, event, { GITHUB_EVENT_NAME: name });
    const run = await sign(await image(), { ...COMMENTING, 'dry-run': 'true' }, env);
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    expect(new Set(server.checks.map((one) => one.head_sha))).toEqual(new Set([sha]));
    // It belongs to no pull request.
    expect(server.comments).toEqual([]);
    expect(run.stdout).toContain('No comment on GitHub: the run belongs to no pull request');
  });

  test('a workflow_run comments on its one pull request', async () => {
    const server = await github();
    const { pull_request: pull } = pullRequest() as { pull_request: object };
    const event = {
      ...pullRequest(),
      pull_request: null,
      workflow_run: { head_sha: HEAD, pull_requests: [pull] },
    };
    const env = githubVariables(folder, server, event, { GITHUB_EVENT_NAME: 'workflow_run' });
    await sign(await image(), { ...COMMENTING, 'dry-run': 'true' }, env);
    expect(server.requests.at(-1)?.url).toContain(`/issues/${PULL}/comments`);
    expect(server.comments).toHaveLength(1);
  });

  // GitHub names no pull request in the event then.
  const fork = {
    ...pullRequest(),
    pull_request: null,
    workflow_run: {
      ...{ head_sha: HEAD, pull_requests: [], head_branch: 'change/it' },
      head_repository: { id: 2, owner: { login: 'somebody' } },
    },
  };

  test('a workflow_run of a fork comments on the open pull request from its branch', async () => {
    const server = await github();
    const label = 'somebody:change/it';
    server.pulls.push({ number: 8, head: { label, sha: HEAD } }, { number: 9, head: { label, sha: MERGE } });
    const env = githubVariables(folder, server, fork, { GITHUB_EVENT_NAME: 'workflow_run' });
    const run = await sign(await image(), { ...COMMENTING, 'dry-run': 'true' }, env);
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    expect(server.requests.at(-1)?.url).toContain('/issues/8/comments');
    expect(server.comments).toHaveLength(1);
    expect(server.problems).toEqual([]);
  });

  test('without the permission, a workflow_run of a fork gets a warning', async () => {
    const server = await github({ permissions: ['checks'] });
    const env = githubVariables(folder, server, fork, { GITHUB_EVENT_NAME: 'workflow_run' });
    const run = await sign(await image(), { ...COMMENTING, 'dry-run': 'true' }, env);
    expect({ status: run.status, checks: server.checks.length }).toEqual({ status: 0, checks: 2 });
    expect(warnings(run)).toEqual([
      expect.stringMatching(/a comment on the pull request of this workflow run: .*Add pull-requests: write/),
    ]);
  });
});

describe('the comparison with a base image', () => {
  const inputs = (): Inputs => ({ ...COMMENTING, 'base-image': base });

  test('sign computes its root hashes: same, added and removed layers', async () => {
    const server = await github();
    const run = await sign(await image(), inputs(), githubVariables(folder, server));
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    const body = server.comments[0]?.body ?? '';
    expect(body).toContain('whose root hashes were computed in this run');
    expect(body).toContain('1 added; 1 removed; 1 same.');
    const [mark = '', ...shown] = body.split('\n');
    expect(mark).toMatch(/^<!-- verity-sign: [0-9a-f]{40}\/42\.1\/success -->$/);
    const html = githubHtml(shown.join('\n'), [RUN]);
    for (const cell of ['added', 'removed', 'same'])
      expect(html).toMatch(new RegExp(`<td[^>]*>${cell}</td>`));
    // Nothing was attached to the base image.
    const blobs = readdirSync(join(base.slice('oci:'.length), 'blobs/sha256'));
    expect(blobs).toHaveLength(2 + BASE.length);
    expect(server.problems).toEqual([]);
  });

  test('verify reads them from signatures, and only from those that verify', async () => {
    const server = await github();
    const [own, reference] = [await image(BASE), await image()];
    await sign(reference, {}, {});
    const env = githubVariables(folder, server);
    const given = { ...COMMENTING, 'base-image': own };
    expect((await verify(reference, given, env)).status).toBe(0);
    expect(server.comments[0]?.body).toContain('**Not compared** with the base image');

    await sign(own, {}, {});
    expect((await verify(reference, given, env)).status).toBe(0);
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toContain('read from its signatures, which verified');
    expect(server.comments[0]?.body).toContain('1 added; 1 removed; 1 same.');
    expect(server.problems).toEqual([]);
  });

  test('a base image that cannot be read changes nothing but the comment', async () => {
    const server = await github();
    const given = { ...COMMENTING, 'base-image': `oci:${join(folder, 'no-base')}` };
    const run = await sign(await image(), given, githubVariables(folder, server));
    expect(run.status).toBe(0);
    expect(warnings(run)).toEqual([expect.stringMatching(/^base-image oci:.*no-base is not compared: /)]);
    expect(server.comments[0]?.body).toContain('**Not compared**');
    expect(server.checks[0]?.conclusion).toBe('success');
  });
});

describe('what GitHub refuses is a warning', () => {
  const failing: [string, Partial<GithubApiOptions>, object, RegExp][] = [
    ['no permission', { permissions: [] }, pullRequest(), /Add checks: write to the permissions of the job/],
    [
      'a fork',
      { permissions: [] },
      pullRequest({ fork: true }),
      /needs checks: write, but the pull request comes from a fork/,
    ],
    [
      'another token',
      { token: 'another' },
      pullRequest(),
      /status 401: Bad credentials.*set it to github\.token/,
    ],
    ['an unknown commit', { commits: [] }, pullRequest(), /status 422: No commit found/],
    ['no repository', { prefix: '/elsewhere' }, pullRequest(), /status 404: Not Found.*Add checks: write/],
    [
      'a personal token',
      { interfere: () => ({ status: 403, body: { message: 'You must authenticate via a GitHub App.' } }) },
      pullRequest(),
      /Only tokens of a GitHub App can do this/,
    ],
    [
      'a rate limit that lasts',
      {
        interfere: () => ({
          status: 403,
          headers: { 'retry-after': '3600' },
          body: { message: 'slow down' },
        }),
      },
      pullRequest(),
      /GitHub limits requests: run the job again in 3600 s/,
    ],
    [
      'a redirect',
      { interfere: () => ({ status: 301, headers: { location: '/x' } }) },
      pullRequest(),
      /redirects/,
    ],
    [
      'no JSON',
      { interfere: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }) },
      pullRequest(),
      /did not answer as it is documented/,
    ],
  ];
  test.each(failing)('%s', async (_what, options, event, expected) => {
    const server = await github(options);
    const url = options.prefix === undefined ? server.url : server.url.replace('/elsewhere', '');
    const reference = await image();
    const run = await sign(reference, { 'github-token': TOKEN }, githubVariables(folder, url, event));
    expect(run.status).toBe(0);
    expect(warnings(run)).toEqual([expect.stringMatching(expected)]);
    expect(run.outputs['artifact-digests']).toContain('sha256:');
    expect((await verify(reference, {}, {})).status).toBe(0);
  });

  test('a comment without its permission does not cost the checks', async () => {
    const server = await github({ permissions: ['checks'] });
    const run = await sign(await image(), COMMENTING, githubVariables(folder, server));
    expect(run.status).toBe(0);
    expect(server.checks).toHaveLength(2);
    expect(warnings(run)).toEqual([
      expect.stringMatching(/the comment on pull request 7: .*pull-requests: write/),
    ]);
  });

  test('no server at all, and a verdict that stays', async () => {
    const run = await verify(await image(), COMMENTING, githubVariables(folder, 'http://127.0.0.1:1'));
    expect(run.status).toBe(1);
    expect(run.outputs.verdict).toBe('not-signed');
    expect(warnings(run).at(-1)).toMatch(
      /GitHub's API http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
    );
  });

  test('outside of a workflow', async () => {
    const outside = await sign(await image(), COMMENTING, {});
    expect(outside.status).toBe(0);
    expect(warnings(outside).at(-1)).toMatch(/^GitHub shows nothing of this run: the environment names no/);
  });

  test.each([
    ['of another shape', JSON.stringify({ pull_request: { number: 'seven' } })],
    ['cut off', '{'],
    ['empty', ''],
    ['with a byte order mark', '\ufeff{}'],
    ['a folder', undefined],
  ])('an event %s changes neither verdict nor outputs', async (what, text) => {
    const path = join(folder, `event ${what}`);
    if (text === undefined) mkdirSync(path);
    else writeFileSync(path, text);
    const env = githubVariables(folder, 'http://127.0.0.1:1', {}, { GITHUB_EVENT_PATH: path });
    const run = await sign(await image(), COMMENTING, env);
    expect({ status: run.status, error: /^::error::.*$/m.exec(run.stdout) }).toEqual({
      status: 0,
      error: null,
    });
    expect(run.outputs['artifact-digests']).toContain('sha256:');
    expect(warnings(run)).toEqual([
      expect.stringMatching(
        /^GitHub shows nothing of this run: GITHUB_EVENT_PATH: the event .* cannot be read/,
      ),
    ]);
  });
});

describe('GitHub wants patience', () => {
  test('Retry-After is heeded, and nothing is created twice', async () => {
    const limited = { status: 429, headers: { 'retry-after': '1' }, body: { message: 'later' } };
    const server = await github({ interfere: (_request, count) => (count === 1 ? limited : undefined) });
    const run = await sign(await image(), COMMENTING, githubVariables(folder, server));
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    expect(posted(server)).toEqual(CREATED);
  });

  test('an answer that is lost: what was created is found, not created again', async () => {
    const lost = new Set<string>();
    const server = await github({
      interfere: ({ route }) => {
        if (!route.startsWith('POST') || lost.has(route)) return undefined;
        lost.add(route);
        return 'close';
      },
    });
    const run = await sign(await image(), COMMENTING, githubVariables(folder, server));
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    expect({ checks: server.checks.length, comments: server.comments.length }).toEqual({
      checks: 2,
      comments: 1,
    });
    expect(lost.size).toBe(2);
  });
});

test('the own comment is found on a later page; one that a person wrote is left alone', async () => {
  const server = await github();
  const reference = await image();
  const env = githubVariables(folder, server);
  await sign(reference, COMMENTING, env);
  const [own] = server.comments.splice(0);
  if (own === undefined) throw new Error('no comment');
  const foreign = { id: 1, body: own.body, user: { login: 'somebody', type: 'User' as const } };
  const others = Array.from({ length: 150 }, (_, index) => ({ ...foreign, id: index + 1, body: `${index}` }));
  server.comments.push(foreign, ...others, own);
  await sign(reference, COMMENTING, { ...env, GITHUB_RUN_ID: '43' });
  expect(server.comments).toHaveLength(152);
  expect(own.body).toContain('/runs/43/');
  expect(foreign.body).toContain('/runs/42/');
  expect(server.problems).toEqual([]);
});

test('GitHub Enterprise Server, through a proxy', async () => {
  const server = await github({ prefix: '/api/v3' });
  const proxy = await startRecordingProxy({ routes: { 'ghes.example:8080': server.port } });
  try {
    const env = githubVariables(folder, 'http://ghes.example:8080/api/v3');
    const run = await sign(
      await image(),
      { 'github-token': TOKEN },
      { ...env, http_proxy: `http://${proxy.host}` },
    );
    expect({ status: run.status, warnings: warnings(run) }).toEqual({ status: 0, warnings: [] });
    expect(server.checks).toHaveLength(2);
    expect(proxy.seen.every(({ target }) => target.startsWith('http://ghes.example:8080/api/v3/'))).toBe(
      true,
    );
    expect(proxy.seen).toHaveLength(server.requests.length);
  } finally {
    await proxy.stop();
  }
});

describe("GitHub's token is in no log, file, argument and environment", () => {
  test.each([
    ['as a value', { 'github-token': TOKEN }, {}],
    ['in a variable', { 'github-token': 'env://REPORT_TOKEN' }, { REPORT_TOKEN: TOKEN }],
  ])('%s', async (_how, given, more) => {
    const seen: string[] = [];
    const server = await github({
      interfere: () => {
        // While the Action is waiting for this answer.
        seen.push(...processesWith(TOKEN));
        return undefined;
      },
    });
    const temp = join(folder, `watched-${layouts}`);
    const watched = watchedTools(join(temp, 'tools'), temp);
    const tools = { builder: 'mkfs', 'mkfs-path': watched.mkfs, 'oras-path': watched.oras };
    const env = githubVariables(folder, server);
    const run = await sign(await image(), { ...COMMENTING, ...given, ...tools }, { ...env, ...more });
    expect({ status: run.status, checks: server.checks.length }).toEqual({ status: 0, checks: 2 });
    expect(watched.calls()).toBeGreaterThan(0);
    expect(seen).toEqual([]);
    expect(filesWith(temp, [TOKEN])).toEqual([]);
    expect(run.stdout).toContain(`::add-mask::${TOKEN}\n`);
    const unmasked = { ...run, stdout: run.stdout.replaceAll(/^::add-mask::.*$/gm, '') };
    expect(shownBy(unmasked)).not.toContain(TOKEN);
    expect(JSON.stringify([server.checks, server.comments])).not.toContain(TOKEN);
  });
});

describe('the token', () => {
  test('without one, nothing is sent', async () => {
    const server = await github();
    const run = await sign(await image(), {}, githubVariables(folder, server));
    expect(run.status).toBe(0);
    expect(server.requests).toEqual([]);
  });

  test.each([
    [{ 'github-comment': 'true' }, /input github-comment has no effect without input github-token/],
    [{ 'base-image': 'app:main' }, /input base-image has no effect without input github-comment/],
    [{ 'github-token': TOKEN, 'github-check': 'none' }, /input github-token has no effect with/],
    [{ 'github-token': TOKEN, 'github-check': 'none, image' }, /github-check has none beside other values/],
    [
      { 'github-token': TOKEN, 'github-check': 'all' },
      /github-check: "all" is not one of image, digest, none/,
    ],
    [{ 'github-token': 'two words' }, /input github-token has characters that no token has/],
    [{ 'github-token': 'env://NO_SUCH_TOKEN' }, /NO_SUCH_TOKEN is not set/],
  ])('%j is a mistake', async (inputs, expected) => {
    const run = await sign(await image(), inputs as Inputs, {});
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(expected);
  });

  test('a base image is for one image, and not of a daemon', async () => {
    const reference = await image();
    const two = await sign(`${reference}\n${reference}:latest`, { ...COMMENTING, 'base-image': base }, {});
    expect(two.stdout).toMatch(/::error::input base-image is for one image, but 2 are given/);
    const daemon = await sign(reference, { ...COMMENTING, 'base-image': 'docker-daemon:app:1' }, {});
    expect(daemon.stdout).toMatch(/::error::input base-image does not support images of the docker daemon/);
  });
});

/** Environments and command lines of all processes that hold a text. */
function processesWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ['environ', 'cmdline'].map((file) => join('/proc', pid, file)))
    .filter((path) => {
      try {
        return readFileSync(path).includes(word);
      } catch {
        return false;
      }
    });
}
