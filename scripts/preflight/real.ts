/**
 * `npm run preflight:real [-- NAME… OPTION…]` makes images of real software from Debian's packages, signs them
 * with a throw-away key by dist/, and prints a table of what `preflight` says to each of them, or to those that
 * are named. Options, such as `--accel tcg` or `--kernel FILE --modules DIR`, go to `preflight`. Images and
 * reports stay in .demo/preflight. Needs what `npm run demo:real` needs, Go, QEMU, and `npm run preflight:build`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import type { PreflightReport } from '../../src/report/node/preflight-report.ts';
import { type DemoPki, makeDemoPki } from '../demo-pki.ts';
import { failure } from '../tools/common.ts';
import { REAL_IMAGES, type RealImage, writeRealImage } from './real/images.ts';
import { runCli } from './real/run-cli.ts';
import { type Judged, verdictTable } from './real/table.ts';

const root = dirname(dirname(import.meta.dirname));
const work = join(root, '.demo/preflight');

async function judge(image: RealImage, pki: DemoPki, options: readonly string[]): Promise<Judged> {
  const folder = join(work, image.name);
  const layout = `oci:${folder}:demo`;
  if (!existsSync(join(folder, 'index.json'))) await writeRealImage(image, folder);
  const signer = ['--key', pki.key, '--certificate', pki.certificate];
  await runCli(['sign', layout, ...signer]);
  const path = join(work, `${image.name}.json`);
  await rm(path, { force: true });
  const trusted = ['--trusted-certificate', pki.ca, '--report', path];
  const started = performance.now();
  const status = await runCli(['preflight', layout, ...trusted, ...image.options, ...options]);
  const seconds = (performance.now() - started) / 1000;
  const [report] = JSON.parse(await readFile(path, 'utf8')) as [PreflightReport];
  console.error(`${image.name}: ${report.summary} (exit ${status}, ${seconds.toFixed(1)} s)`);
  return { image, report, seconds };
}

async function main(words: readonly string[]): Promise<void> {
  const first = words.findIndex((word) => word.startsWith('--'));
  const names = first === -1 ? words : words.slice(0, first);
  const options = first === -1 ? [] : words.slice(first);
  const unknown = names.find((name) => !REAL_IMAGES.some((image) => image.name === name));
  if (unknown !== undefined) {
    const known = REAL_IMAGES.map(({ name }) => name).join(', ');
    throw failure(`there is no image ${unknown}`, `Name some of these: ${known}`);
  }
  await mkdir(work, { recursive: true });
  const pki = await makeDemoPki(join(work, 'pki'));
  const judged: Judged[] = [];
  for (const image of REAL_IMAGES) {
    if (names.length === 0 || names.includes(image.name)) judged.push(await judge(image, pki, options));
  }
  console.log(verdictTable(judged));
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
});
