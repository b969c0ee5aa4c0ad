// The reusable workflows as a caller has them, run by a stand-in for GitHub's runner: their own scripts in
// bash, the Actions' bundles, a real registry. What only GitHub has (OIDC, its artifact store) is not here.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { withBuiltImages } from '../../src/frontend/inputs/image-list.ts';
import { SecretStore } from '../../src/frontend/inputs/secrets.ts';
import { cli } from '../helpers/cli.ts';
import { GithubApi } from '../helpers/github-api.ts';
import { githubVariables, HEAD, TOKEN } from '../helpers/github-run.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolsPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';
import { type Call, type Ran, runReusable } from '../helpers/workflow/runner.ts';

const root = join(import.meta.dirname, '../..');
const folder = testFolder();
const PLATFORMS = ['linux/amd64', 'linux/arm64'];
let registry: TestRegistry;
let images: string[];
let signingKey: string;
let certificate: string;
let trusted: string;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  images = await Promise.all([multiArch('app', 'simple-gzip'), multiArch('tool', 'dirs-gzip')]);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  signingKey = readFileSync(keyPath, 'utf8');
  certificate = readFileSync(chainPath, 'utf8');
  trusted = readFileSync(caPath, 'utf8');
});
afterAll(() => registry.stop());

/** Pushes an index of two platforms; returns its reference by digest. */
async function multiArch(name: string, layer: string): Promise<string> {
  const vector = vectors().find((one) => one.name === layer);
  if (vector === undefined) throw new Error(`no vector ${layer}`);
  const writer = await ImageWriter.create();
  try {
    const manifests = [];
    for (const architecture of ['amd64', 'arm64']) {
      const platform = { os: 'linux', architecture };
      const layers = [{ mediaType: vector.mediaType, bytes: readFileSync(vector.path) }];
      manifests.push({ ...(await writer.image({ layers, diffIds: [vector.diffId], platform })), platform });
    }
    const { digest } = await writer.add(await writer.index(manifests, OCI), 'v1');
    await writer.copyTo('v1', `${registry.host}/${name}:v1`);
    return `${registry.host}/${name}@${digest}`;
  } finally {
    await writer.remove();
  }
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function sign(inputs: Call['inputs'], more: Partial<Call> = {}): Promise<Ran> {
  return runReusable(join(root, '.github/workflows/sign-image.yml'), folder, {
    inputs: { images: text(images), certificate, 'plain-http': true, ...inputs },
    secrets: { 'signing-key': signingKey },
    ...more,
  });
}

function verify(inputs: Call['inputs'], more: Partial<Call> = {}): Promise<Ran> {
  return runReusable(join(root, '.github/workflows/verify-image.yml'), folder, {
    inputs: { images: text(images), 'trusted-certificate': trusted, 'plain-http': true, ...inputs },
    ...more,
  });
}

const ALL_WELL = { plan: 'success', sign: 'success', gate: 'success' };

test('use-github-token: a check for each leg, by the token of the job; without it nothing is sent', async () => {
  const api = await GithubApi.start({ token: TOKEN, commits: [HEAD] });
  try {
    const more = { token: TOKEN, env: githubVariables(folder, api) };
    const given = { platforms: text(PLATFORMS), 'dry-run': true };
    expect((await sign(given, more)).results).toEqual(ALL_WELL);
    expect(api.requests).toEqual([]);
    const { results, log } = await sign(
      { ...given, 'use-github-token': true, 'github-check': 'image' },
      more,
    );
    expect({ results, log }).toEqual({ results: ALL_WELL, log });
    const names = images.flatMap((image) =>
      PLATFORMS.map((platform) => `verity-sign / ${image.replace(/@.*/, '')} (dry run, ${platform})`),
    );
    expect(api.checks.map(({ name, conclusion }) => [name, conclusion])).toEqual(
      names.map((name) => [name, 'neutral']),
    );
    await verify({ 'use-github-token': true }, more);
    expect(api.checks.slice(names.length).map(({ conclusion }) => conclusion)).toEqual(
      images.flatMap(() => ['failure', 'failure']),
    );
    expect(api.problems).toEqual([]);
  } finally {
    await api.stop();
  }
});

describe('images times platforms', () => {
  test('not signed: each leg is judged, and the gate fails', async () => {
    const { results, log, outputs, ran } = await verify({});
    expect(results).toEqual({ plan: 'success', verify: 'failure', gate: 'failure' });
    expect(ran.filter((name) => name.startsWith('Verify '))).toHaveLength(2);
    expect(log).toContain(
      '::error::Not every image is verified: plan and verify ended with success, failure',
    );
    expect(outputs).toEqual({ verdicts: '', jobs: '' });
  });

  test('signed, each pair in a job of its own; then verified', async () => {
    const signed = await sign({ platforms: `# both\n${text(PLATFORMS)}\nlinux/amd64\n` });
    expect({ results: signed.results, log: signed.log }).toEqual({ results: ALL_WELL, log: signed.log });
    expect(signed.ran).toEqual([
      'Plan',
      ...images.flatMap((image) => PLATFORMS.map((platform) => `Sign ${image} ${platform}`)),
      'Every image is signed',
    ]);
    expect(signed.outputs.jobs).toBe('4');
    const artifacts = JSON.parse(signed.outputs['artifact-digests'] ?? '') as Record<string, unknown>[];
    expect(artifacts.map(({ platform, reused }) => ({ platform, reused }))).toEqual(
      images.flatMap(() => PLATFORMS.map((platform) => ({ platform, reused: false }))),
    );

    const verified = await verify({ platforms: text(PLATFORMS) });
    expect(verified.results).toEqual({ plan: 'success', verify: 'success', gate: 'success' });
    expect(JSON.parse(verified.outputs.verdicts ?? '')).toEqual(
      images.flatMap((image) =>
        PLATFORMS.map((platform) => ({
          image,
          platform,
          verdict: 'verified',
          digest: image.slice(image.indexOf('@') + 1),
        })),
      ),
    );
    // The CLI, which knows nothing of workflows, agrees.
    const trust = join(folder, 'trusted.pem');
    writeFileSync(trust, trusted);
    for (const image of images) {
      const { status } = await cli(['verify', image, '--trusted-certificate', trust, '--plain-http']);
      expect(status).toBe(0);
    }
  });

  test('without platforms, one job for all of an image; the rerun attaches nothing', async () => {
    // The chain in another form, and a user name, which this registry does not ask for.
    const base64 = Buffer.from(certificate).toString('base64');
    const secrets = { 'signing-key': signingKey.replaceAll('\n', '\\n'), 'registry-password': 'unused' };
    const { results, outputs } = await sign(
      { certificate: base64, 'registry-username': 'someone' },
      { secrets },
    );
    expect(results).toEqual(ALL_WELL);
    expect(outputs.jobs).toBe('2');
    const artifacts = JSON.parse(outputs['artifact-digests'] ?? '') as { reused: boolean }[];
    expect(artifacts.map(({ reused }) => reused)).toEqual([true, true, true, true]);
  });

  test("somebody else's signature is no good", async () => {
    const { results, log } = await verify({ 'signer-identity': 'CN=Somebody else' });
    expect(results).toEqual({ plan: 'success', verify: 'failure', gate: 'failure' });
    expect(log).toContain('NOT TRUSTED');
  });

  test('one image that is not there: the others are signed, the gate fails', async () => {
    const missing = `${registry.host}/app:none`;
    const { results, ran } = await sign({ images: text([missing, ...images]) });
    expect(results).toEqual({ plan: 'success', sign: 'failure', gate: 'failure' });
    expect(ran).toContain(`Sign ${images[1]}`);
  });
});

describe('metadata of bake', () => {
  /** As docker buildx bake --push --metadata-file writes it. */
  const target = (reference: string, ...tags: string[]) => {
    const [name, digest] = reference.split('@') as [string, string];
    return {
      'buildx.build.ref': 'default/default/abc',
      'containerimage.digest': digest,
      'image.name': tags.map((tag) => `${name}:${tag}`).join(','),
    };
  };

  test('the text of a job before: its images are signed and verified, in addition to those listed', async () => {
    const [app = '', tool = ''] = images;
    const metadata = { lint: { 'buildx.build.ref': 'x' }, app: target(app, 'v1', 'latest') };
    const inputs = {
      images: text(['# by hand', tool]),
      'metadata-file': JSON.stringify(metadata, undefined, 2),
    };
    const signed = await sign(inputs);
    expect({ results: signed.results, log: signed.log }).toEqual({ results: ALL_WELL, log: signed.log });
    expect(signed.ran.slice(1, -1)).toEqual([`Sign ${tool}`, `Sign ${app}`]);
    const verified = await verify({ images: '', 'metadata-file': inputs['metadata-file'] });
    expect(JSON.parse(verified.outputs.verdicts ?? '')).toMatchObject([{ image: app, verdict: 'verified' }]);
  });

  const A = `sha256:${'a'.repeat(64)}`;
  const B = `sha256:${'b'.repeat(64)}`;
  const image = (digest: string, name: string) => ({ 'containerimage.digest': digest, 'image.name': name });

  test.each<[string, unknown]>([
    ['a build', image(A, 'localhost:5000/app:1')],
    [
      'targets',
      { app: image(A, 'r.example/a:1,r.example/a:2, q.example:5000/b/c'), web: image(B, 'r.example/w') },
    ],
    ['what is no target', { 'buildx.build.warnings': [{ level: 1 }], a: image(A, 'r.example/a'), text: 'x' }],
    ['no target', {}],
    ['no image', { lint: {} }],
    ['no digest', { app: { 'image.name': 'r.example/a' } }],
    ['another digest', { app: image('sha256:1', 'r.example/a') }],
    ['no name', { app: { 'containerimage.digest': A } }],
    ['an empty name', { app: image(A, ' ') }],
  ])('the plan and the Actions read the same: %s', (_what, metadata) => {
    const given = JSON.stringify(metadata);
    const { jobs } = parse(readFileSync(join(root, '.github/workflows/sign-image.yml'), 'utf8'));
    const output = join(folder, 'plan-output');
    writeFileSync(output, '');
    const env = {
      PATH: process.env.PATH,
      METADATA: given,
      MANIFEST_SIGNATURE: 'none',
      GITHUB_OUTPUT: output,
    };
    const names = { IMAGES: '', PLATFORMS: '', REGISTRY_USERNAME: '' };
    const { status, stdout } = spawnSync('bash', ['-e', '-c', jobs.plan.steps[0].run], {
      env: { ...env, ...names },
      encoding: 'utf8',
    });
    let expected: string[] | string;
    try {
      const secrets = new SecretStore({});
      const dialect = { label: () => 'metadata-file', literalPassword: true, secrets };
      expected = withBuiltImages([], { 'metadata-file': given }, dialect);
    } catch (error) {
      expected = (error as Error).message.replace(/^metadata-file:? /, '');
    }
    if (typeof expected === 'string') {
      expect(stdout).toBe(`::error::The input metadata-file: ${expected}\n`);
      expect(status).toBe(1);
      return;
    }
    expect(status).toBe(0);
    const matrix = /^matrix=(.*)$/m.exec(readFileSync(output, 'utf8'))?.[1] ?? '';
    const { include } = JSON.parse(matrix) as { include: { image: string }[] };
    expect(include.map((one) => one.image)).toEqual(expected);
  });
});

describe('the gate', () => {
  test('reads no result of another call, whose prefix begins with its own', async () => {
    const verdict = JSON.stringify({ image: 'other', platform: null, verdict: 'verified', digest: '' });
    const files = { 'verity-verify-other-0.verdict.json': verdict, 'verdict-0.json': verdict };
    // The jobs succeed and leave nothing.
    const { results, outputs, log } = await verify(
      {},
      {
        artifacts: { 'verity-verify-other-0': files },
        interfere: (job) => (job === 'verify' ? 'success' : undefined),
      },
    );
    expect(results).toEqual({ plan: 'success', verify: 'success', gate: 'failure' });
    expect(outputs).toEqual({ verdicts: '', jobs: '' });
    expect(log).toContain('left no result: verity-sign-results/verity-verify-0.verdict.json');
  });

  test.each([
    ['sign', sign, 'artifact-digests', ['\n', '{}', '[] []', 'no JSON']],
    ['verify', verify, 'verdict', ['\n', '{}', '{"verdict":""}', 'no JSON']],
  ] as const)('fails if a job of %s left a file without its result', async (job, run, kind, contents) => {
    const [image = ''] = images;
    for (const content of contents) {
      const name = `verity-${job}-0`;
      const { results, log } = await run(
        { images: image },
        {
          artifacts: { [name]: { [`${name}.${kind}.json`]: content } },
          interfere: (one) => (one === job ? 'success' : undefined),
        },
      );
      expect({ content, gate: results.gate }).toEqual({ content, gate: 'failure' });
      expect(log).toContain(`left no result: verity-sign-results/${name}.${kind}.json`);
    }
  });

  test.each(['failure', 'cancelled', 'skipped'] as const)('fails if every leg was %s', async (result) => {
    const interfere: Call['interfere'] = (job) => (job === 'sign' ? result : undefined);
    const { results, outputs, log } = await sign({}, { interfere });
    expect(results).toEqual({ plan: 'success', sign: result, gate: 'failure' });
    expect(outputs).toEqual({ 'artifact-digests': '', jobs: '' });
    expect(log).toContain(`plan and sign ended with success, ${result}`);
  });

  test.each(['failure', 'cancelled', 'skipped'] as const)('fails if one leg was %s', async (result) => {
    const interfere: Call['interfere'] = (job, leg) => (job === 'sign' && leg === 1 ? result : undefined);
    const { results, log } = await sign({}, { interfere });
    expect(results.gate).toBe('failure');
    // A single skipped leg does not show in the result of the matrix: its missing file does.
    expect(results.sign).toBe(result === 'skipped' ? 'success' : result);
    if (result === 'skipped')
      expect(log).toContain('left no result: verity-sign-results/verity-sign-1.artifact-digests.json');
  });

  test('fails if there was no plan', async () => {
    const interfere: Call['interfere'] = (job) => (job === 'plan' ? 'cancelled' : undefined);
    const { results } = await verify({}, { interfere });
    expect(results).toEqual({ plan: 'cancelled', verify: 'skipped', gate: 'failure' });
  });
});

describe('the plan refuses', () => {
  test.each([
    ['no image', { images: '\n # none\n' }, 'The inputs images and metadata-file name no image'],
    [
      'metadata that is a path',
      { images: '', 'metadata-file': 'metadata.json' },
      'must be the JSON text, not a path',
    ],
    ['metadata that is cut', { 'metadata-file': '{"app":' }, 'The input metadata-file is not valid JSON'],
    [
      'more jobs than a matrix has',
      { images: text(Array.from({ length: 257 }, (_, n) => `r/a:${n}`)) },
      '257 images',
    ],
    [
      'the signature of an index by many',
      { platforms: 'linux/amd64', 'manifest-signature': 'jws' },
      'leave the input platforms empty',
    ],
    [
      'one user name for two registries (fault 94)',
      { images: 'ghcr.io/a/b:1\ndocker://registry.example:5000/c:1\n', 'registry-username': 'someone' },
      'registry-username is for one registry, but the images are in 2',
    ],
    [
      'a preflight of no job',
      { platforms: 'linux/arm64\nlinux/arm/v7', preflight: true },
      'preflight boots images of linux/amd64, which the input platforms does not select',
    ],
  ])('%s', async (_, inputs, message) => {
    const { results, log } = await sign(inputs);
    expect(results).toEqual({ plan: 'failure', sign: 'skipped', gate: 'failure' });
    expect(log).toContain(`::error::`);
    expect(log).toContain(message);
  });
});

test('two names of Docker Hub are one registry', async () => {
  const hub = 'docker.io/a/b:1\nindex.docker.io/a/c:1\na/d:1\n';
  const interfere: Call['interfere'] = (job) => (job === 'plan' ? undefined : 'skipped');
  for (const run of [sign, verify]) {
    const { results } = await run({ images: hub, 'registry-username': 'someone' }, { interfere });
    expect(results.plan).toBe('success');
  }
});

test('every job with images of linux/amd64 gets the preflight', async () => {
  const commit = join(folder, 'commit-preflight');
  const workflow = '.github/workflows/sign-image.yml';
  mkdirSync(join(commit, 'dist'), { recursive: true });
  for (const path of [workflow, 'sign/action.yml']) cpSync(join(root, path), join(commit, path));
  writeFileSync(join(commit, 'package.json'), '{ "type": "module" }');
  const names = ['PLATFORM', 'PREFLIGHT', 'PREFLIGHT-COMMAND'].map((name) => `process.env['INPUT_${name}']`);
  writeFileSync(join(commit, 'dist/sign-action.js'), `console.log([${names.join(', ')}].join(' | '));\n`);
  const tested = [
    'linux/amd64',
    'linux(+erofs)/amd64',
    'linux/arm64, linux/amd64',
    'amd64',
    'linux/x86_64/v2',
  ];
  const others = ['linux/arm64', 'windows/amd64', 'linux/arm64,linux(+erofs)/arm64'];
  const inputs = { images: 'registry.invalid/app:1', 'preflight-command': 'app --test' };
  const given = { platforms: text([...tested, ...others]), preflight: true };
  const { log } = await runReusable(join(commit, workflow), folder, { inputs: { ...inputs, ...given } });
  for (const platform of tested) expect(log).toContain(`${platform} | true | app --test`);
  for (const platform of others) expect(log).toContain(`${platform} | false | \n`);
  const { log: index } = await runReusable(join(commit, workflow), folder, {
    inputs: { ...inputs, preflight: true },
  });
  expect(index).toContain(' | true | app --test');
});

test.each([
  ['sign', { key: 'env://SIGNING_KEY', certificate: 'a' }, { 'signing-key': 'the key' }],
  ['verify', { 'trusted-certificate': 'a' }, {}],
])('fault 79: %s-image.yml runs the Action of its own commit', async (name, inputs, secrets) => {
  // Another commit of the repository: its Action says which one it is, and fails.
  const commit = join(folder, `commit-${name}`);
  const workflow = `.github/workflows/${name}-image.yml`;
  mkdirSync(join(commit, 'dist'), { recursive: true });
  for (const path of [workflow, `${name}/action.yml`]) cpSync(join(root, path), join(commit, path));
  writeFileSync(join(commit, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(commit, `dist/${name}-action.js`),
    "console.log('the Action of that commit'); process.exit(1);\n",
  );
  const call = { inputs: { images: 'registry.invalid/app:1', ...inputs }, secrets };
  const { results, log } = await runReusable(join(commit, workflow), folder, call);
  expect(log).toContain('the Action of that commit');
  expect(results.gate).toBe('failure');
});

test('what callers write reaches no shell as code', async () => {
  const evil = `x"; touch ${folder}/owned; $(touch ${folder}/owned) \`touch ${folder}/owned\``;
  const { results } = await sign({ images: evil, platforms: evil, certificate: evil });
  expect(results.gate).toBe('failure');
  expect(() => readFileSync(join(folder, 'owned'))).toThrow('ENOENT');
});

describe("a cloud's registry", () => {
  // Stand-ins for the clouds' command lines: they write down what they were called with and read.
  const bin = join(folder, 'bin');
  const calls = join(folder, 'calls');
  mkdirSync(bin);
  for (const name of ['aws', 'az', 'gcloud', 'docker']) {
    const path = join(bin, name);
    const read = name === 'docker' ? 'cat' : 'echo password';
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${read}\n`);
    chmodSync(path, 0o755);
  }

  const amazon = ['aws ecr get-login-password', 'docker login --username AWS --password-stdin HOST'];
  const cases: [string, string[]][] = [
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', amazon],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', amazon],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', amazon],
    ['123456789012.dkr-ecr.us-west-2.on.aws', amazon],
    ['app.dkr.ecr.attacker.example', []],
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com.attacker.example:8443', []],
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com:8443', []],
    ['x.123456789012.dkr.ecr.eu-central-1.amazonaws.com', []],
    ['123456789012.dkr.ecr.attacker.elb.amazonaws.com', []],
    ['123456789012xdkrxecr.eu-central-1.amazonaws.com', []],
    ['example.azurecr.io.attacker.example', []],
    ['europe-docker.pkg.dev.attacker.example', []],
    ['example.azurecr.io', ['az acr login --name example']],
    [
      'europe-docker.pkg.dev',
      ['docker login --username oauth2accesstoken --password-stdin HOST', 'gcloud auth print-access-token'],
    ],
    ['registry.example', []],
  ];
  const each = ['sign', 'verify'].flatMap((job) => cases.map(([host, seen]) => ({ job, host, seen })));
  test.each(each)('$job logs in to $host with $seen', ({ job, host, seen: expected }) => {
    const { jobs } = parse(readFileSync(join(root, `.github/workflows/${job}-image.yml`), 'utf8'));
    const step = jobs[job].steps.find(
      ({ name }: { name: string }) => name === "Log in to the cloud's registry",
    );
    writeFileSync(calls, '');
    const env = { PATH: `${bin}:${toolsPath()}`, CALLS: calls, IMAGE: `docker://${host}/app@sha256:0` };
    const { status } = spawnSync('bash', ['-e', '-c', step.run], { env });
    expect(status).toBe(0);
    const seen = readFileSync(calls, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    expect(seen.sort()).toEqual(expected.map((line) => line.replace('HOST', host)));
  });
});
