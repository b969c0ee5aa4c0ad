/** The Action `ipe-policy` as the runner starts it: files, a registry, outputs, job summary, and how it fails. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIONS } from '../../scripts/docs.ts';
import { run } from '../../src/lib/process/run.ts';
import type { IpePolicyCheck, IpePolicyReport } from '../../src/report/node/ipe-policy-report.ts';
import { inputVariables, outputsIn } from '../helpers/action-files.ts';
import { cliOk } from '../helpers/cli.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { githubHtml } from '../helpers/rendered-markdown.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath, toolsPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const root = join(import.meta.dirname, '../..');
const { path, main } = ACTIONS['ipe-policy-action'];
const folder = testFolder();
const app = `oci:${join(folder, 'app')}:vectors`;
const db = `oci:${join(folder, 'db')}:vectors`;
const unsigned = `oci:${join(folder, 'unsigned')}:vectors`;
let keys: Pki;
let registry: TestRegistry;

beforeAll(async () => {
  keys = await pki();
  registry = await startRegistry('referrers-api');
  await writeVectorImage(join(folder, 'app'), ['simple-gzip', 'dirs-tar']);
  await writeVectorImage(join(folder, 'db'), ['dirs-tar', 'links-gzip']);
  await writeVectorImage(join(folder, 'unsigned'), ['modes-gzip']);
  const { keyPath, chainPath } = keys.leaf('rsa2048');
  await cliOk(['sign', app, db, '--key', keyPath, '--certificate', chainPath]);
});

afterAll(() => registry.stop());

interface Ended {
  status: number | null;
  stdout: string;
  /** Texts of the `::error::` lines. */
  errors: string[];
  outputs: Record<string, string>;
  summary: string;
  /** The working folder of the step. */
  own: string;
}

/** Every input of action.yml is set, and the files for the results. */
async function action(inputs: Record<string, string>, secrets: Record<string, string> = {}): Promise<Ended> {
  const own = mkdtempSync(join(folder, 'step-'));
  const files = { GITHUB_OUTPUT: join(own, 'output'), GITHUB_STEP_SUMMARY: join(own, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = { 'trusted-certificate': keys.leaf('rsa2048').caPath, ...inputs };
  const child = spawn(process.execPath, [join(root, dirname(path), main)], {
    cwd: own,
    env: {
      ...{ PATH: toolsPath(), HOME: own, RUNNER_TEMP: own, RUNNER_TOOL_CACHE: join(own, 'cache') },
      ...files,
      ...inputVariables('ipe-policy-action', given),
      ...secrets,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
  githubHtml(summary);
  const errors = [...stdout.matchAll(/^::error::(.*)$/gm)].map(([, text]) => text ?? '');
  return { status, stdout, errors, outputs: outputsIn(files.GITHUB_OUTPUT), summary, own };
}

/** Makes the policy `fleet` with a key in the environment. */
function make(images: string[], more: Record<string, string> = {}): Promise<Ended> {
  const { keyPath, chainPath } = keys.leaf('p256');
  const inputs = { name: 'fleet', out: 'policies', key: 'env://POLICY_KEY', certificate: chainPath };
  const image = ['# of the fleet', ...images, ''].join('\n');
  return action({ image, ...inputs, ...more }, { POLICY_KEY: readFileSync(keyPath, 'utf8') });
}

const rootHashOf = (name: string): string =>
  vectors().find((vector) => vector.name === name)?.profiles.containerd.rootHash ?? '';

function reportOf<T>({ outputs }: Ended): T {
  const [report] = JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8')) as [T];
  return report;
}

describe('a policy of several images', () => {
  test('has files, outputs and a summary; openssl verifies it', async () => {
    const ended = await make([app, db], { 'policy-version': '1.2.3' });
    const { status, errors, outputs, summary, own } = ended;
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    const file = (extension: string): string => join(own, 'policies', `fleet.${extension}`);
    expect(outputs).toEqual({
      'policy-path': file('ipe'),
      'signed-path': file('p7b'),
      'mapping-path': file('json'),
      version: '1.2.3',
      'pushed-to': '',
      lacking: '',
      'report-path': expect.stringMatching(/report\.json$/),
    });
    const hashes = ['simple-gzip', 'dirs-tar', 'links-gzip'].map(rootHashOf).sort();
    const text = readFileSync(file('ipe'), 'utf8');
    expect([...text.matchAll(/dmverity_roothash=sha256:(\w+)/g)].map(([, hash]) => hash)).toEqual(hashes);
    const verified = ['smime', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any', '-in', file('p7b')];
    const content = await openssl([...verified, '-CAfile', keys.leaf('p256').caPath], folder);
    expect(content.toString()).toBe(text);
    expect(reportOf<IpePolicyReport>(ended).images.map(({ reference }) => reference)).toEqual([app, db]);

    for (const part of [
      '### ✅ IPE policy fleet 1.2.3 is made',
      '<tr><th align="left">Root hashes</th><td>3</td></tr>',
      'cat fleet.p7b > /sys/kernel/security/ipe/new_policy',
      'cat fleet.p7b > /sys/kernel/security/ipe/policies/fleet/update',
      'echo 1 > /sys/kernel/security/ipe/policies/fleet/active',
      'The policy has no base',
      ...hashes,
    ]) {
      expect(summary).toContain(part);
    }
    expect(summary.match(/<th align="left">Image<\/th>/g)).toHaveLength(2);
    expect(summary).not.toContain('oras pull');
  });

  test('is pushed, and oras pulls it as the summary says', async () => {
    const tags = ['fleet', '1.0.0'].map((tag) => `${registry.host}/policies:${tag}`);
    const base = join(folder, 'node.ipe');
    writeFileSync(base, 'policy_name=fleet policy_version=0.0.0\nDEFAULT action=DENY\n');
    const { status, errors, outputs, summary, own } = await make([app], {
      base,
      'push-to': tags.join('\n'),
      'plain-http': 'true',
      'oras-path': toolPath('oras'),
    });
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(summary).not.toContain('has no base');
    const digest = /@(sha256:[0-9a-f]{64})$/m.exec(outputs['pushed-to'] ?? '')?.[1] ?? 'none';
    expect(outputs['pushed-to']).toBe(tags.map((tag) => `${tag}@${digest}`).join('\n'));
    const [, reference = ''] = /^oras pull (\S+)$/m.exec(summary) ?? [];
    expect(reference).toBe(`${registry.host}/policies@${digest}`);
    const pulled = join(own, 'pulled');
    const args = ['pull', '--plain-http', '--output', pulled, reference];
    await run([toolPath('oras'), ...args], { env: toolEnvironment({ HOME: own }) });
    expect(readdirSync(pulled).sort()).toEqual(['fleet.ipe', 'fleet.json', 'fleet.p7b']);
    expect(readFileSync(join(pulled, 'fleet.p7b'))).toEqual(readFileSync(outputs['signed-path'] ?? ''));
  });

  test('that cannot be pushed fails once; its files are there, with outputs and report', async () => {
    const ended = await make([app], {
      'push-to': '127.0.0.1:1/policies:fleet',
      'plain-http': 'true',
      'oras-path': toolPath('oras'),
      timeout: '20s',
    });
    const { status, errors, outputs, summary } = ended;
    expect(status).toBe(1);
    expect(errors).toHaveLength(1);
    expect(existsSync(outputs['signed-path'] ?? '')).toBe(true);
    expect(outputs['pushed-to']).toBe('');
    expect(reportOf<IpePolicyReport>(ended).error?.code).toBe('registry');
    expect(summary).toMatch(/^### ❌ IPE policy failed: the registry\n/);
  });
});

describe('no policy', () => {
  test('of an unsigned image: one error, a summary, no file', async () => {
    const { status, errors, outputs, summary, own } = await make([app, unsigned]);
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringContaining('the image is not verified')]);
    expect(outputs).toEqual({});
    expect(summary).toMatch(/^### ❌ IPE policy failed: not signed\n/);
    expect(summary).toContain('unsigned');
    expect(existsSync(join(own, 'policies'))).toBe(false);
  });

  test.each([
    [{ name: '' }, 'input name is missing'],
    [{ name: 'Fleet' }, 'input name: "Fleet" is not a name of a policy'],
    [{ out: '' }, 'input out is missing'],
    [{ image: '' }, 'input image is missing'],
    [{ 'policy-version': '1.2' }, 'input policy-version: the policy has the version "1.2"'],
    [{ 'trusted-certificate': '' }, 'neither input trusted-certificate nor input trust-store'],
    [{ check: 'x.p7b' }, 'input name has no effect with input check'],
    [{ report: '-' }, 'input report is -'],
  ])('%j: the input is named', async (more, message) => {
    const { status, errors, outputs, summary } = await make([app], more);
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringContaining(message)]);
    expect(outputs).toEqual({});
    expect(summary).toMatch(/^### ❌ IPE policy failed: invalid input\n/);
  });
});

describe('check', () => {
  let policy: string;

  beforeAll(async () => {
    const made = await make([app], { 'policy-version': '1.0.0' });
    policy = made.outputs['signed-path'] ?? '';
  });

  test('passes a policy that allows every layer, with the defaults of the runner', async () => {
    const ended = await action({ image: app, check: policy });
    const { status, errors, outputs, summary } = ended;
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(outputs).toMatchObject({ version: '1.0.0', lacking: '0', 'signed-path': '', 'policy-path': '' });
    expect(summary).toContain('### ✅ IPE policy fleet 1.0.0 allows every layer');
    expect(reportOf<IpePolicyCheck>(ended).lacking).toBe(0);
  });

  test('fails once for a policy that lacks a layer, and the summary names it', async () => {
    const ended = await action({ image: db, check: policy });
    const { status, errors, outputs, summary } = ended;
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringContaining('does not allow 1 of 2 root hashes of the images')]);
    expect(outputs).toMatchObject({ version: '1.0.0', lacking: '1' });
    expect(summary).toMatch(/^### ❌ IPE policy failed: would not be enforced\n/);
    expect(summary).toContain('### ❌ IPE policy fleet 1.0.0 does not allow 1 of 2 root hashes');
    const rows = summary.split('\n').filter((line) => line.startsWith('| <code>'));
    expect(rows).toEqual([
      expect.stringContaining(`| <code>${rootHashOf('links-gzip')}</code> | **denied** | layer 1 of <code>`),
    ]);
    expect(reportOf<IpePolicyCheck>(ended).error?.code).toBe('not-enforced');
  });

  test('refuses a version, as the CLI does', async () => {
    const { status, errors } = await action({ image: app, check: policy, 'policy-version': '2.0.0' });
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringContaining('input policy-version has no effect with input check')]);
  });
});
