// The reusable workflow ipe-policy.yml as a caller has it, run by a stand-in for GitHub's runner: its own scripts
// in bash, the Action's bundle, a real registry. What only GitHub has (OIDC, its artifact store) is not here.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { run } from '../../src/lib/process/run.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath, toolsPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';
import { type Call, type Ran, runReusable } from '../helpers/workflow/runner.ts';

const root = join(import.meta.dirname, '../..');
const WORKFLOW = '.github/workflows/ipe-policy.yml';
const folder = testFolder();
const repository = join(folder, 'repository');
const BASE = `policy_name=fleet policy_version=0.0.0
DEFAULT action=ALLOW
DEFAULT op=EXECUTE action=DENY
op=EXECUTE dmverity_roothash=sha256:${'9'.repeat(64)} action=ALLOW
`;
let registry: TestRegistry;
let images: string[];
let unsigned: string;
let given: Record<string, string>;
let policyKey: string;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  images = await Promise.all([pushed('app', 'simple-gzip'), pushed('db', 'dirs-gzip')]);
  unsigned = await pushed('unsigned', 'modes-gzip');
  const signer = (await pki()).leaf('rsa2048');
  const keys = ['--key', signer.keyPath, '--certificate', signer.chainPath];
  await cliOk(['sign', ...images, ...keys, '--plain-http', '--oras-path', toolPath('oras')]);
  const policy = (await pki()).leaf('p256');
  policyKey = readFileSync(policy.keyPath, 'utf8');
  given = {
    name: 'fleet',
    certificate: readFileSync(policy.chainPath, 'utf8'),
    'trusted-certificate': readFileSync(signer.caPath, 'utf8'),
  };
  mkdirSync(join(repository, 'nodes'), { recursive: true });
  writeFileSync(join(repository, 'nodes/base.ipe'), BASE);
});
afterAll(() => registry.stop());

/** Pushes an image of one layer; returns its reference by digest. */
async function pushed(name: string, layer: string): Promise<string> {
  const vector = vectors().find((one) => one.name === layer);
  if (vector === undefined) throw new Error(`no vector ${layer}`);
  const writer = await ImageWriter.create();
  try {
    const layers = [{ mediaType: vector.mediaType, bytes: readFileSync(vector.path) }];
    const platform = { os: 'linux', architecture: 'amd64' };
    const image = await writer.image({ layers, diffIds: [vector.diffId], platform });
    const { digest } = await writer.add(image, 'v1');
    await writer.copyTo('v1', `${registry.host}/${name}:v1`);
    return `${registry.host}/${name}@${digest}`;
  } finally {
    await writer.remove();
  }
}

function policy(inputs: Call['inputs'], more: Partial<Call> = {}): Promise<Ran> {
  return runReusable(join(root, WORKFLOW), folder, {
    inputs: { images: `# of the fleet\n${images.join('\n')}\n`, 'plain-http': true, ...given, ...inputs },
    secrets: { 'signing-key': policyKey },
    ...more,
  });
}

const kept = ({ artifacts }: Ran): string => join(artifacts, 'verity-sign-ipe-policy');

describe('one policy for a list of images', () => {
  test('is kept and pushed, with the rules of a file of the caller', async () => {
    const ran = await policy(
      {
        base: 'nodes/base.ipe',
        'policy-version': '1.2.3',
        'push-to': `${registry.host}/policies:fleet`,
        'registry-username': 'somebody',
      },
      { repository, secrets: { 'signing-key': policyKey, 'registry-password': 'not asked for' } },
    );
    expect({ results: ran.results, log: ran.log }).toEqual({ results: { policy: 'success' }, log: ran.log });
    expect(readdirSync(kept(ran)).sort()).toEqual([
      'fleet.ipe',
      'fleet.json',
      'fleet.p7b',
      'policy_report.json',
    ]);
    const text = readFileSync(join(kept(ran), 'fleet.ipe'), 'utf8');
    const hashes = ['simple-gzip', 'dirs-gzip'].map(
      (name) => vectors().find((vector) => vector.name === name)?.profiles.containerd.rootHash,
    );
    expect([...text.matchAll(/sha256:(\w+)/g)].map(([, hash]) => hash)).toEqual([
      '9'.repeat(64),
      ...hashes.sort(),
    ]);
    expect(ran.outputs).toEqual({
      version: '1.2.3',
      'pushed-to': expect.stringMatching(`^${registry.host}/policies:fleet@sha256:[0-9a-f]{64}$`),
    });
    const [, digest = ''] = (ran.outputs['pushed-to'] ?? '').split('@');
    const pull = ['pull', '--plain-http', '--output', join(folder, 'pulled')];
    await run([toolPath('oras'), ...pull, `${registry.host}/policies@${digest}`], {
      env: toolEnvironment({ HOME: folder }),
    });
    const file = (from: string): Buffer => readFileSync(join(from, 'fleet.p7b'));
    expect(file(join(folder, 'pulled'))).toEqual(file(kept(ran)));
  });

  test('takes the rules as text, and checks nothing out', async () => {
    const ran = await policy({ base: `# of the nodes\n${BASE}` });
    expect({ results: ran.results, log: ran.log }).toEqual({ results: { policy: 'success' }, log: ran.log });
    expect(readFileSync(join(kept(ran), 'fleet.ipe'), 'utf8')).toContain('9'.repeat(64));
    expect(ran.outputs['pushed-to']).toBe('');
  });

  test('takes a password for each registry', async () => {
    const lines = [`${registry.host}=a:env://REGISTRY_PASSWORD`, 'r.example=b:env://PUSH_PASSWORD'];
    const secrets = { 'signing-key': policyKey, 'registry-password': 'one', 'push-password': 'two' };
    const { results, log } = await policy({ 'registry-credentials': lines.join('\n') }, { secrets });
    expect({ results, log }).toEqual({ results: { policy: 'success' }, log });
  });
});

test.each<[string, () => Call['inputs'], string]>([
  ['an image without signatures', () => ({ images: unsigned }), 'the image is not verified'],
  ['no image', () => ({ images: '# none' }), 'input image is missing'],
  ['a name in capitals', () => ({ name: 'Fleet' }), '"Fleet" is not a name of a policy'],
  [
    'a base that is not there',
    () => ({ base: 'nodes/other.ipe' }),
    'nodes/other.ipe cannot be read (ENOENT)',
  ],
  [
    'a base of several lines that is no policy',
    () => ({ base: 'DEFAULT action=DENY\nop=EXECUTE' }),
    'The input base is neither a policy, which begins with policy_name=, nor a path',
  ],
])('no policy: %s', async (_what, inputs, message) => {
  const ran = await policy(inputs(), { repository });
  expect(ran.results).toEqual({ policy: 'failure' });
  expect(ran.log.match(/::error::/g)).toHaveLength(1);
  expect(ran.log).toContain(message);
  expect(existsSync(kept(ran))).toBe(false);
  expect(ran.outputs).toEqual({ version: '', 'pushed-to': '' });
});

test('fault 79: ipe-policy.yml runs the Action of its own commit', async () => {
  const commit = join(folder, 'commit');
  mkdirSync(join(commit, 'dist'), { recursive: true });
  for (const path of [WORKFLOW, 'ipe-policy/action.yml']) cpSync(join(root, path), join(commit, path));
  writeFileSync(join(commit, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(commit, 'dist/ipe-policy-action.js'),
    "console.log('the Action of that commit'); process.exit(1);\n",
  );
  const inputs = { ...given, images: 'registry.invalid/app:1' };
  const { results, log } = await runReusable(join(commit, WORKFLOW), folder, { inputs });
  expect(log).toContain('the Action of that commit');
  expect(results).toEqual({ policy: 'failure' });
});

test('what callers write reaches no shell as code', async () => {
  const evil = `x"; touch ${folder}/owned; $(touch ${folder}/owned) \`touch ${folder}/owned\``;
  for (const base of [evil, `policy_name=${evil}`]) {
    const { results } = await policy({ images: evil, base, name: evil }, { repository });
    expect(results).toEqual({ policy: 'failure' });
  }
  expect(existsSync(join(folder, 'owned'))).toBe(false);
});

test('every registry of a cloud among images and tags is logged in to, once', () => {
  const bin = join(folder, 'bin');
  const calls = join(folder, 'calls');
  mkdirSync(bin);
  for (const name of ['aws', 'az', 'gcloud', 'docker']) {
    const read = name === 'docker' ? 'cat > /dev/null' : 'echo password';
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${read}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(calls, '');
  const { jobs } = parse(readFileSync(join(root, WORKFLOW), 'utf8'));
  const step = jobs.policy.steps.find(
    ({ name }: { name: string }) => name === "Log in to the clouds' registries",
  );
  const ecr = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
  const google = 'europe-docker.pkg.dev';
  const REFERENCES = [
    '# example.azurecr.io/comment',
    `docker://${ecr}/app@sha256:0`,
    ` ${ecr}/db:1 `,
    'alpine:3',
    `${ecr}.attacker.example/app@sha256:0`,
    'app.dkr.ecr.attacker.example/app@sha256:0',
    `registry.example/x, ${google}/p/policies:fleet,other.azurecr.io/policies:fleet`,
    '',
  ].join('\n');
  const env = { PATH: `${bin}:${toolsPath()}`, CALLS: calls, REFERENCES };
  const { status } = spawnSync('bash', ['-e', '-c', step.run], { env });
  expect(status).toBe(0);
  const seen = readFileSync(calls, 'utf8').trim().split('\n');
  expect(seen.sort()).toEqual([
    'aws ecr get-login-password',
    'az acr login --name other',
    `docker login --username AWS --password-stdin ${ecr}`,
    `docker login --username oauth2accesstoken --password-stdin ${google}`,
    'gcloud auth print-access-token',
  ]);
});
