/**
 * What `verify` without recomputing takes beyond oras' own time, for an image of ten layers in a
 * registry with the referrers API: `node scripts/bench/verify.ts`. oras' own time is that of the same
 * calls that verify makes, one after the other, and once more of the signature blobs four at a time.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pki } from '../../__tests__/helpers/pki.ts';
import { type RegistryKind, startRegistry } from '../../__tests__/helpers/registry.ts';
import { toolEnvironment } from '../../__tests__/helpers/tools.ts';
import { vectors, writeVectorImage } from '../../__tests__/helpers/vector-image.ts';
import { store, vectorArtifact, verify } from '../../__tests__/helpers/verify.ts';
import { find } from '../tools/common.ts';

const ROUNDS = 5;
const oras = find('oras') ?? 'oras';
const call = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'bench-verify-'));

async function runOras(...args: string[]): Promise<string> {
  const env = toolEnvironment({ HOME: folder });
  return (await call(oras, args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await seconds(work));
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

async function bench(kind: RegistryKind): Promise<void> {
  const registry = await startRegistry(kind);
  try {
    const layers = vectors()
      .map(({ name }) => name)
      .slice(0, 10);
    const layout = join(folder, kind);
    const subject = await writeVectorImage(layout, layers);
    const artifact = await vectorArtifact({ subject, layers, signer: 'chained' });
    await store(layout, artifact);
    const repository = `${registry.host}/bench`;
    await runOras('cp', '-r', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http', `${repository}:1`);

    const { config } = JSON.parse(await runOras('manifest', 'fetch', '--plain-http', `${repository}:1`)) as {
      config: { digest: string };
    };
    const http = '--plain-http';
    const blob = (digest: string): Promise<string> =>
      runOras('blob', 'fetch', '--output', '-', http, `${repository}@${digest}`);
    const signatures = artifact.manifest.layers.map(({ digest }) => digest);
    const before = async (): Promise<void> => {
      await runOras('version');
      await runOras('manifest', 'fetch', '--descriptor', http, `${repository}:1`);
      await runOras('manifest', 'fetch', http, `${repository}@${subject.digest}`);
      await blob(config.digest);
      const type = artifact.manifest.artifactType;
      await runOras(
        'discover',
        '--format',
        'json',
        '--artifact-type',
        type,
        http,
        `${repository}@${subject.digest}`,
      );
      await runOras('manifest', 'fetch', http, `${repository}@${artifact.descriptor.digest}`);
    };
    const serial = await median(async () => {
      await before();
      for (const digest of signatures) await blob(digest);
    });
    const side = await median(async () => {
      await before();
      for (let at = 0; at < signatures.length; at += 4)
        await Promise.all(signatures.slice(at, at + 4).map(blob));
    });
    const ours = await median(async () => {
      const { verdict, reason } = await verify(`${repository}:1`, { recompute: false });
      if (verdict !== 'verified') throw new Error(reason);
    });
    const command = await median(() =>
      call(
        process.execPath,
        [join(import.meta.dirname, '../../dist/cli.js'), ...commandLine(`${repository}:1`)],
        {
          env: toolEnvironment({ HOME: folder }),
        },
      ),
    );
    console.log(`${kind}: ${layers.length} layers, median of ${ROUNDS}`);
    for (const [what, time] of Object.entries({
      "oras' own time, one call after the other": serial,
      "oras' own time, blobs four at a time": side,
      'verify, in a running process': ours,
      'verify, as a command (dist/cli.js)': command,
    })) {
      const above = time === side || time === serial ? '' : `  ${(time - side).toFixed(3)} s above oras' own`;
      console.log(`  ${what.padEnd(42)} ${time.toFixed(3)} s${above}`);
    }
  } finally {
    await registry.stop();
  }
}

function commandLine(image: string): string[] {
  return ['verify', image, '--plain-http', '--recompute', 'false', '--trusted-certificate', trusted];
}

const trusted = join((await pki()).dir, 'root.pem');
try {
  await bench('referrers-api');
  await bench('fallback-tag');
} finally {
  await rm(folder, { recursive: true, force: true });
}
