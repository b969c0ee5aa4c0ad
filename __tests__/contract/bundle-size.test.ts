import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inputVariables } from '../helpers/action-files.ts';
import { loadedFiles } from '../helpers/loaded-files.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const dist = join(import.meta.dirname, '../../dist');
const folder = testFolder();
const LIMIT = 3_000_000;

/** A text that only the client of a vendor's API has; each client is in a chunk of its own. */
const CLIENTS = {
  'azure-key-vault': 'login.microsoftonline.com',
  'google-kms': 'cloudkms.googleapis.com',
  'aws-kms': 'AWS_WEB_IDENTITY_TOKEN_FILE',
  // Only a run with github-token needs it.
  'github.publish': 'octokit-core.js',
};

/** The files of dist/ that a run of a bundle loads: they are what a run costs. */
function loadedBy(entry: string, args: string[], env: Record<string, string>): Promise<string[]> {
  return loadedFiles(join(dist, entry), args, { ...toolEnvironment({ HOME: folder, ...env }) });
}

/** @param ran the end of the name of a file that the run must have loaded */
function check(files: string[], ran: string): void {
  const size = files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
  expect(size).toBeLessThanOrEqual(LIMIT);
  expect(files.some((file) => file.endsWith(ran))).toBe(true);
  const text = files.map((file) => readFileSync(join(dist, file), 'utf8')).join('');
  for (const sign of Object.values(CLIENTS)) expect(text.includes(sign)).toBe(false);
}

test("the vendors' clients are in chunks of their own", () => {
  const chunks = readdirSync(dist).filter((file) => file.endsWith('.js'));
  for (const [name, sign] of Object.entries(CLIENTS)) {
    expect(chunks.filter((file) => file.endsWith(`.${name}.js`))).toHaveLength(1);
    const having = chunks.filter((file) => readFileSync(join(dist, file), 'utf8').includes(sign));
    expect(having.length).toBeGreaterThan(0);
  }
});

test('a run with a PEM key loads no more than 3 MB, and so does verify: the CLI', async () => {
  const layout = join(folder, 'cli');
  await writeVectorImage(layout, ['simple-gzip']);
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  const args = ['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath];
  check(await loadedBy('cli.js', args, {}), 'key-file.js');
  const trusted = ['--trusted-certificate', (await pki()).leaf('p256').caPath];
  check(await loadedBy('cli.js', ['verify', `oci:${layout}`, ...trusted], {}), 'verify-image.js');
});

test('a run with a PEM key loads no more than 3 MB: the Action', async () => {
  const layout = join(folder, 'action');
  await writeVectorImage(layout, ['simple-gzip']);
  const keys = await pki();
  const { keyPath, chainPath } = keys.leaf('p256');
  const given: Record<string, string> = {
    image: `oci:${layout}`,
    key: keyPath,
    certificate: chainPath,
    install: 'false',
    'show-summary': 'false',
  };
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const env = { ...inputVariables('action', given), GITHUB_OUTPUT: output, RUNNER_TEMP: folder };
  check(await loadedBy('sign-action.js', [], env), 'key-file.js');
  expect(existsSync(output)).toBe(true);
  expect(readFileSync(output, 'utf8')).toContain('artifact-digests');
  const trusted: Record<string, string> = { ...given, 'trusted-certificate': keys.leaf('p256').caPath };
  const verifyEnv = {
    ...inputVariables('verify-action', trusted),
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: folder,
  };
  check(await loadedBy('verify-action.js', [], verifyEnv), 'verify-action.js');
  expect(readFileSync(output, 'utf8')).toContain('verdict');
  const policyEnv = {
    ...inputVariables('ipe-policy-action', { ...trusted, name: 'app', out: join(folder, 'policies') }),
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: folder,
  };
  check(await loadedBy('ipe-policy-action.js', [], policyEnv), 'ipe-policy-action.js');
  expect(readFileSync(output, 'utf8')).toContain('signed-path');
});
