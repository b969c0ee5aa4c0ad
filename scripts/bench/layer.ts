/**
 * Compares the way from a layer blob to its root hash with Node's own inflating of the same blob, and
 * shows the peak memory of both: `node scripts/bench/layer.ts`. Each run is a process of its own.
 */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { createMkfsBuilder } from '../../src/erofs/known-answer.ts';
import { PROFILES } from '../../src/erofs/profile.ts';
import { layerUuid } from '../../src/erofs/uuid.ts';
import { openLayerTar } from '../../src/layers/layer-tar.ts';
import { silentLogger } from '../../src/logger.ts';
import type { ProfileName } from '../../src/pipeline/stages.ts';
import { withTempFolder } from '../../src/tools/temp-folder.ts';
import { computeRootHash } from '../../src/verity/root-hash.ts';
import { find } from '../tools/common.ts';
import { type Layer, makeFileSystemLayer, makeLargeLayer } from './make-layer.ts';

const ROUNDS = 3;
type Task = 'inflate' | ProfileName;

interface Measured {
  seconds: number;
  /** Bytes. */
  peakMemory: number;
}

async function inflate(layer: Layer): Promise<void> {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(layer.path), createGunzip(), sink);
}

async function convert(layer: Layer, profile: ProfileName): Promise<() => Promise<void>> {
  const builder = await withTempFolder(undefined, (tempFolder) =>
    createMkfsBuilder({ mkfsPath: find('mkfs.erofs'), tempFolder, log: silentLogger }),
  );
  const { uuidSource, blockSize, defaultOptions } = PROFILES[profile];
  return () =>
    withTempFolder(undefined, async (temp) => {
      const expected = { ...layer, compression: 'gzip' as const };
      const { tar, facts } = openLayerTar(createReadStream(layer.path), expected, { maxTarSize: 2 ** 40 });
      const image = await builder.build(tar, {
        profile,
        uuid: layerUuid(layer[uuidSource]),
        mkfsOptions: defaultOptions,
        folder: temp,
        name: 'layer',
        timeout: 600_000,
      });
      await facts;
      await computeRootHash(image.path, blockSize);
    });
}

async function child(task: Task, layer: Layer): Promise<Measured> {
  const work = task === 'inflate' ? () => inflate(layer) : await convert(layer, task);
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, peakMemory: process.resourceUsage().maxRSS * 1024 };
}

async function measure(task: Task, layer: Layer): Promise<Measured> {
  const script = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [script, task, JSON.stringify(layer)]);
  return JSON.parse(stdout) as Measured;
}

/** The best of some rounds, tasks taking turns so that the machine's other load hits all alike. */
async function compare(layer: Layer, rounds: number): Promise<void> {
  const tasks: Task[] = ['inflate', 'containerd', 'containerd-tar-index'];
  const best = new Map<Task, Measured>();
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      const now = await measure(task, layer);
      const before = best.get(task);
      best.set(task, {
        seconds: Math.min(now.seconds, before?.seconds ?? Number.POSITIVE_INFINITY),
        peakMemory: Math.max(now.peakMemory, before?.peakMemory ?? 0),
      });
    }
  }
  const base = best.get('inflate')?.seconds ?? Number.NaN;
  console.log(`${layer.name}: ${megabytes(layer.size)} MB of gzip, ${megabytes(layer.tarSize)} MB of tar`);
  for (const [task, { seconds, peakMemory }] of best) {
    const more =
      task === 'inflate' ? '' : `, +${(seconds - base).toFixed(2)} s, ${(seconds / base).toFixed(2)} times`;
    console.log(`  ${task.padEnd(22)} ${seconds.toFixed(2)} s${more}; peak ${megabytes(peakMemory)} MB`);
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

const [task, layerText] = process.argv.slice(2);
if (task !== undefined && layerText !== undefined) {
  console.log(JSON.stringify(await child(task as Task, JSON.parse(layerText) as Layer)));
} else {
  await withTempFolder(undefined, async (folder) => {
    await compare(await makeFileSystemLayer(folder), ROUNDS);
    await compare(await makeLargeLayer(folder), 1);
  });
}
