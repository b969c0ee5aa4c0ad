/**
 * `node scripts/bench/verify.ts`: what `verify` without recomputing takes beyond oras' own time, for an
 * image of ten layers in a registry with the referrers API and in one without. oras' own time is that of
 * the calls that `verify` makes, one after the other, and again with the signatures four at a time.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/lib/process/run.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type DemoPki, makeDemoPki } from '../demo-pki.ts';
import { find } from '../tools/common.ts';
import { IMAGES, layerNumbers, TAG, writeLayout } from './data/images.ts';
import { LayerCache } from './data/layers.ts';
import { median } from './measure/statistics.ts';
import { CLI, environment } from './peers/contestant.ts';
import { type RegistryKind, withRegistry } from './registry.ts';

const ROUNDS = 5;
const LAYERS = 10;
const HTTP = '--plain-http';
const CACHE = fileURLToPath(new URL('../../.cache/bench', import.meta.url));

interface Artifact {
  manifest: { digest: string };
  referrer: { digest: string };
  layers: readonly { signatureDigest: string }[];
}

async function output(argv: readonly string[], folder: string): Promise<string> {
  const env = environment(folder);
  return (await run(argv, { env, cwd: folder, timeout: 120_000 })).stdout.toString();
}

const oras = (folder: string, ...args: string[]): Promise<string> =>
  output([find('oras') ?? 'oras', ...args], folder);

const cli = (folder: string, ...args: string[]): Promise<string> =>
  output([process.execPath, CLI, ...args], folder);

/** Median seconds of `ROUNDS` runs. */
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

/** A signed image in a layout at `layout`; returns what the report says about its signatures. */
async function signedImage(layout: string, folder: string, pki: DemoPki): Promise<Artifact> {
  const cache = new LayerCache(CACHE, 1);
  const sizes = IMAGES['small-20'].slice(0, LAYERS);
  const layers = await Promise.all(layerNumbers(sizes).map(({ size, number }) => cache.layer(size, number)));
  await writeLayout(layout, layers, 'gzip');
  const report = join(folder, 'report.json');
  const key = ['--key', pki.key, '--certificate', pki.certificate];
  await cli(folder, 'sign', `oci:${layout}:${TAG}`, ...key, '--builder', 'native', '--report', report);
  const [signed] = JSON.parse(await readFile(report, 'utf8')) as SignReport[];
  const artifact = signed?.artifacts[0];
  if (artifact === undefined) throw new Error('the image was not signed');
  return artifact as Artifact;
}

async function bench(kind: RegistryKind, host: string, folder: string, pki: DemoPki): Promise<void> {
  const layout = join(folder, `layout-${kind}`);
  const { manifest, referrer, layers } = await signedImage(layout, folder, pki);
  const repository = `${host}/bench`;
  await oras(
    folder,
    'cp',
    '-r',
    '--from-oci-layout',
    `${layout}:${TAG}`,
    '--to-plain-http',
    `${repository}:1`,
  );
  const fetch = (what: 'manifest' | 'blob', digest: string): Promise<string> =>
    oras(folder, what, 'fetch', '--output', '-', HTTP, `${repository}@${digest}`);
  const { config } = JSON.parse(await fetch('manifest', manifest.digest)) as { config: { digest: string } };
  const signature = ({ signatureDigest }: Artifact['layers'][number]): Promise<string> =>
    fetch('blob', signatureDigest);

  const beforeSignatures = async (): Promise<void> => {
    await oras(folder, 'version');
    await oras(folder, 'manifest', 'fetch', '--descriptor', HTTP, `${repository}:1`);
    await fetch('manifest', manifest.digest);
    await fetch('blob', config.digest);
    await oras(folder, 'discover', '--format', 'json', HTTP, `${repository}@${manifest.digest}`);
    await fetch('manifest', referrer.digest);
  };
  const serial = await seconds(async () => {
    await beforeSignatures();
    for (const layer of layers) await signature(layer);
  });
  const concurrent = await seconds(async () => {
    await beforeSignatures();
    for (let at = 0; at < layers.length; at += 4) await Promise.all(layers.slice(at, at + 4).map(signature));
  });
  const trust = ['--recompute=false', '--trusted-certificate', pki.ca];
  const verify = await seconds(() => cli(folder, 'verify', `${repository}:1`, HTTP, ...trust));
  const start = await seconds(() => cli(folder, '--help'));

  console.log(`${kind}: ${layers.length} layers, median of ${ROUNDS}`);
  const beyond = `  ${(verify - start - concurrent).toFixed(3)} s beyond its start and oras' own`;
  for (const [what, time, more] of [
    ["oras' own time, one call after the other", serial, ''],
    ["oras' own time, signatures four at a time", concurrent, ''],
    ['the start of the command (--help)', start, ''],
    ['verify, as a command (dist/cli.js)', verify, beyond],
  ] as const) {
    console.log(`  ${what.padEnd(42)} ${time.toFixed(3)} s${more}`);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-verify-'));
try {
  await mkdir(join(folder, 'temp'));
  const pki = await makeDemoPki(join(folder, 'pki'));
  for (const kind of ['referrers-api', 'fallback-tag'] as const) {
    await withRegistry(kind, join(folder, kind), (host) => bench(kind, host, folder, pki));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
