/** What `verify` says to the cases that the kernel judges. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../src/lib/process/run.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { toolPath } from '../helpers/tools.ts';
import type { TestImage } from './images.ts';
import { dist, tool } from './root.ts';
import { ARTIFACT_TYPE, LAYER_DIGEST, ROOT_HASH } from './signed-image.ts';
import { TRUSTED } from './signers.ts';

export interface Presented {
  name: string;
  rootHash: string;
  signature: Buffer | undefined;
}

/**
 * Attaches each case's signature and root hash to a copy of the image, as a signer would who does not
 * use this project, and has dist verify all of them. For each case: `verified`, or verdict and reason.
 */
export async function verifyCases(
  image: TestImage,
  cases: readonly Presented[],
  folder: string,
): Promise<Record<string, string>> {
  await mkdir(folder);
  for (const one of cases) await present(image, one, join(folder, one.name));
  const report = join(folder, 'report.json');
  const images = cases.map(({ name }) => `oci:${join(folder, name)}:${image.tag}`);
  const options = ['--trusted-certificate', TRUSTED, '--report', report];
  const tools = ['--oras-path', toolPath('oras')];
  // Most of them are to be refused, so the exit status says little; the report says it of each.
  await dist(['verify', ...images, ...options, ...tools], folder).catch((error: unknown) => {
    if (!(error instanceof ToolError) || error.exitCode === undefined) throw error;
  });
  const reports = JSON.parse(await readFile(report, 'utf8')) as VerifyReport[];
  const verdicts = cases.map(({ name }, at): [string, string] => {
    const { verdict, reason } = reports[at] ?? { verdict: 'no report' };
    return [name, reason === undefined ? verdict : `${verdict}: ${reason}`];
  });
  return Object.fromEntries(verdicts);
}

async function present(image: TestImage, one: Presented, layout: string): Promise<void> {
  await cp(image.layout, layout, { recursive: true });
  if (one.signature === undefined) return;
  const file = 'layer-0.pkcs7.sig';
  const work = `${layout}.files`;
  await mkdir(work);
  await writeFile(join(work, file), one.signature);
  const annotations = {
    $manifest: { 'io.cncf.notary.dm-verity.signature': 'true' },
    [file]: { [LAYER_DIGEST]: image.layers[0]?.digest, [ROOT_HASH]: one.rootHash },
  };
  await writeFile(join(work, 'annotations.json'), JSON.stringify(annotations));
  const subject = ['--oci-layout', `${layout}@${image.digest}`, '--artifact-type', ARTIFACT_TYPE];
  const what = ['--annotation-file', 'annotations.json', `${file}:application/pkcs7-signature`];
  await tool('oras', ['attach', ...subject, ...what], work);
}
