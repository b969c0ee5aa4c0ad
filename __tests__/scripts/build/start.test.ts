/** What a start loads: Node takes half a millisecond for each file, and packages take time to be evaluated. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadedFiles } from '../../helpers/loaded-files.ts';
import { pki } from '../../helpers/pki.ts';
import { programPath } from '../../helpers/programs.ts';
import { testFolder } from '../../helpers/temp.ts';
import { toolEnvironment } from '../../helpers/tools.ts';
import { writeVectorImage } from '../../helpers/vector-image.ts';

const folder = testFolder();
const bundles = dirname(programPath('cli'));
const COSTLY = ['node-forge', 'undici', '@actions/core', 'tar', '@octokit'];

const loadedBy = (...args: string[]): Promise<string[]> =>
  loadedFiles(join(bundles, 'cli.js'), args, { ...toolEnvironment({ HOME: folder }) });

/** Of the names, those of packages that have code in the files. */
const packagesIn = (files: readonly string[], names: readonly string[]): string[] => {
  const text = files.map((file) => readFileSync(join(bundles, file), 'utf8')).join('\n');
  return names.filter((name) => text.includes(`node_modules/${name}/`));
};

test.each([
  ['--help', 3, 150_000],
  ['--version', 3, 150_000],
  ['sign --help', 5, 200_000],
  ['completion bash', 5, 200_000],
])('%s loads %d files, and only the package that reads command lines', async (line, most, bytes) => {
  const files = await loadedBy(...line.split(' '));
  expect(files).toContain('frontend.cli.run-cli.js');
  expect(files.length).toBeLessThanOrEqual(most);
  expect(files.reduce((sum, file) => sum + statSync(join(bundles, file)).size, 0)).toBeLessThanOrEqual(bytes);
  expect(packagesIn(files, ['commander', 'zod', 'string-width', ...COSTLY])).toEqual(['commander']);
});

test('sign and verify of a layout load at most 18 files each, and no package that they do not need', async () => {
  const layout = join(folder, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  const sign = await loadedBy('sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath);
  expect(sign).toContain('commands.sign.sign-image.js');
  const verify = await loadedBy('verify', `oci:${layout}`, '--trusted-certificate', caPath);
  expect(verify).toContain('commands.verify.verify-image.js');
  for (const files of [sign, verify]) {
    expect(files.length).toBeLessThanOrEqual(18);
    expect(packagesIn(files, COSTLY)).toEqual([]);
  }
});
