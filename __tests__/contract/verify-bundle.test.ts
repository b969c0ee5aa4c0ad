import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { ACTIONS } from '../../scripts/docs.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { inputVariables, outputsIn } from '../helpers/action-files.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolsPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { store, vectorArtifact } from '../helpers/verify.ts';

const root = join(import.meta.dirname, '../..');
const LAYERS = ['simple-gzip', 'xattrs-gzip'];
const folder = testFolder();
const layout = join(folder, 'layout');
const { path, main } = ACTIONS['verify-action'];
let trusted: string;

beforeAll(async () => {
  trusted = join((await pki()).dir, 'root.pem');
  const subject = await writeVectorImage(layout, LAYERS);
  await store(layout, await vectorArtifact({ subject, layers: LAYERS, signer: 'chained' }));
});

interface Ended {
  status: number | null;
  stdout: string;
  outputs: Record<string, string>;
  summary: string;
}

/** The Action as the runner starts it: every input of action.yml is set, and the files for its results. */
function action(inputs: Record<string, string>, searchPath = toolsPath()): Promise<Ended> {
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = {
    PATH: searchPath,
    HOME: folder,
    RUNNER_TEMP: folder,
    RUNNER_TOOL_CACHE: join(folder, 'cache'),
  };
  const child = spawn(process.execPath, [join(root, dirname(path), main)], {
    cwd: folder,
    env: { ...env, ...files, ...inputVariables('verify-action', inputs) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      const outputs = outputsIn(files.GITHUB_OUTPUT);
      resolve({ status, stdout, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') });
    });
  });
}

test('verifies: outputs, summary, report', async () => {
  const { status, outputs, summary, stdout } = await action({
    image: `oci:${layout}`,
    'trusted-certificate': trusted,
    'signer-identity': 'CN=chained,O=Layer signing test',
  });
  expect({ status, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stdout: '' });
  const [report] = JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8')) as VerifyReport[];
  expect(report).toMatchObject({ verdict: 'verified', recompute: true, builder: { kind: 'native' } });
  expect(report?.platforms[0]?.signatures[0]?.erofsUtils?.class).toBe('C');
  expect(outputs).toMatchObject({ verdict: 'verified', digest: report?.image.digest });
  expect(outputs).toMatchObject({ 'configuration-covered': 'false', uncovered: '[]' });
  const words = '**layers verified; configuration not covered**';
  for (const text of [words, report?.platforms[0]?.signatures[0]?.layers[1]?.rootHash ?? 'none']) {
    expect(summary).toContain(text);
  }
  expect(stdout).not.toContain('::error');
});

test('fails with one error, and still has outputs, summary and report', async () => {
  const { status, outputs, summary, stdout } = await action({
    image: `oci:${layout}`,
    'trusted-certificate': trusted,
    'signer-identity': 'CN=somebody else',
    recompute: 'false',
  });
  expect(status).toBe(1);
  expect(stdout.match(/^::error::/gm)).toHaveLength(1);
  expect(stdout).toMatch(/^::error::oci:.*NOT TRUSTED: .*is not among the requested signer identities/m);
  expect(outputs.verdict).toBe('not-trusted');
  expect(JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8'))).toMatchObject([
    { verdict: 'not-trusted' },
  ]);
  expect(summary).toContain('**NOT TRUSTED**');
});

test('installs no mkfs.erofs where nothing is recomputed', async () => {
  // A PATH without any: an installation would have to build one and say so.
  const { status, stdout } = await action(
    {
      image: `oci:${layout}`,
      'trusted-certificate': trusted,
      builder: 'mkfs',
      recompute: 'false',
      'oras-path': '/usr/bin/true',
    },
    '/nonexistent',
  );
  expect(status).toBe(0);
  expect(stdout).not.toMatch(/erofs-utils|mkfs\.erofs/);
});

test('somebody to trust is a must', async () => {
  const { status, stdout, outputs } = await action({ image: `oci:${layout}` });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::error::neither input trusted-certificate nor input trust-store nor/m);
  expect(outputs).toEqual({});
});
