/**
 * `npm run preflight:real [-- NAME… OPTION…]` makes images of real software from Debian's packages, signs them
 * with a throw-away key by dist/, and prints a table of what `preflight` says to each of them, or to those that
 * are named. Options, such as `--accel tcg` or `--kernel FILE --modules DIR`, go to `preflight`. Images and
 * reports stay in .demo/preflight. Needs what `npm run demo:real` needs, Go, QEMU, and `npm run preflight:build`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run, ToolError } from '../../src/lib/process/run.ts';
import type { PreflightReport } from '../../src/report/node/preflight-report.ts';
import { type DemoPki, makeDemoPki } from '../demo-pki.ts';
import { failure, searchPath } from '../tools/common.ts';
import { REAL_IMAGES, type RealImage, writeRealImage } from './real/images.ts';
import { type Judged, verdictTable } from './real/table.ts';

const root = dirname(dirname(import.meta.dirname));
const work = join(root, '.demo/preflight');
const cli = [process.execPath, join(root, 'dist/cli.js')];

/** Exit status of an image that would not run under enforcement. */
const NOT_ENFORCED = 14;

async function judge(image: RealImage, pki: DemoPki, options: readonly string[]): Promise<Judged> {
  const folder = join(work, image.name);
  const layout = `oci:${folder}:demo`;
  const env = {
    ...fixedEnvironment(),
    HOME: process.env.HOME ?? '/',
    PATH: [searchPath(), dirname(process.execPath)].join(delimiter),
  };
  if (!existsSync(join(folder, 'index.json'))) await writeRealImage(image, folder);
  const signer = ['--key', pki.key, '--certificate', pki.certificate];
  await run([...cli, 'sign', layout, ...signer], { env, cwd: root, timeout: 600_000 });
  const path = join(work, `${image.name}.json`);
  await rm(path, { force: true });
  const trusted = ['--trusted-certificate', pki.ca, '--report', path];
  const started = performance.now();
  const argv = [...cli, 'preflight', layout, ...trusted, ...image.options, ...options];
  const status = await run(argv, { env, cwd: root, timeout: 600_000 }).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof ToolError && error.exitCode === NOT_ENFORCED) return NOT_ENFORCED;
      throw error;
    },
  );
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
