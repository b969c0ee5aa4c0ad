/** The bundled Actions with a token: what they send to GitHub's API, by a strict stand-in of it. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GithubApi } from '../helpers/github-api.ts';
import { githubVariables, HEAD, pullRequest, TOKEN } from '../helpers/github-run.ts';
import { pki } from '../helpers/pki.ts';
import { RunnerMachine } from '../helpers/runner-machine.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const dist = join(import.meta.dirname, '../../dist');
const folder = testFolder();
const layout = join(folder, 'layout');
const machines = {
  sign: new RunnerMachine(join(dist, 'sign-action.js')),
  verify: new RunnerMachine(join(dist, 'verify-action.js'), { surface: 'verify-action' }),
};
let api: GithubApi;
let keys: Record<'key' | 'certificate' | 'trusted', string>;

beforeAll(async () => {
  await writeVectorImage(layout, ['simple-gzip', 'xattrs-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  keys = { key: keyPath, certificate: chainPath, trusted: caPath };
  api = await GithubApi.start({ token: TOKEN, commits: [HEAD] });
});
afterAll(async () => {
  await api.stop();
  for (const machine of Object.values(machines)) machine.remove();
});

test('create a check and a comment once, update them afterwards, and send nothing without the token', async () => {
  const image = `oci:${layout}`;
  const signing = { image, key: keys.key, certificate: keys.certificate };
  const verifying = { image, 'trusted-certificate': keys.trusted };
  const shown = { 'github-token': TOKEN, 'github-check': 'image', 'github-comment': 'true' };
  const env = githubVariables(folder, api, pullRequest());

  const silent = await machines.sign.run(signing, env);
  expect({ status: silent.status, requests: api.requests }).toEqual({ status: 0, requests: [] });

  for (const [machine, inputs] of [
    [machines.sign, signing],
    [machines.verify, verifying],
  ] as const) {
    for (const attempt of ['1', '2']) {
      const run = await machine.run({ ...inputs, ...shown }, { ...env, GITHUB_RUN_ATTEMPT: attempt });
      expect({ status: run.status, warnings: /^::warning::.*$/m.exec(run.stdout) }).toEqual({
        status: 0,
        warnings: null,
      });
    }
  }
  const sent = api.requests.map(({ route }) => route).filter((route) => !route.startsWith('GET'));
  const [created, updated] = [
    ['POST /check-runs', 'POST /issues/{id}/comments'],
    ['PATCH /check-runs/{id}', 'PATCH /issues/comments/{id}'],
  ];
  expect(sent).toEqual([...created, ...updated, ...created, ...updated]);
  expect(api.checks.map(({ name, conclusion, head_sha: sha }) => [name, conclusion, sha])).toEqual([
    [`verity-sign / ${image} (sign)`, 'success', HEAD],
    [`verity-sign / ${image} (verify)`, 'success', HEAD],
  ]);
  expect(api.comments).toHaveLength(2);
  expect(api.problems).toEqual([]);
});
