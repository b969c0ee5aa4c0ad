/**
 * `node scripts/bench/hostile/hostile.ts [PART OF A NAME…]`: time and memory of `root-hash` on layers that are
 * small to download and expensive to process, with both builders. Each run is a process of its own. It must end
 * within 10 s of processor time and 300 MB of a process, or refuse the layer.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { find, searchPath } from '../../tools/common.ts';
import { highWaterBytes, parentOf, processes, processorSeconds, procText } from '../measure/proc.ts';
import { textTable } from '../report/table.ts';
import { HOSTILE_LAYERS, type HostileLayer, tarOf } from './layers.ts';

const CLI = fileURLToPath(new URL('../../../src/entry/cli.ts', import.meta.url));
const INTERVAL = 10;
const MOST_SECONDS = 10;
const MOST_BYTES = 300e6;

interface Outcome {
  seconds: number;
  /** Seconds of processor time of all processes of the run. */
  processor: number;
  /** Most resident memory of one process of the run, bytes. */
  memory: number;
  status: number | null;
  /** The last line of its messages. */
  message: string;
}

const only = process.argv.slice(2);
const chosen = HOSTILE_LAYERS.filter(
  ({ name }) => only.length === 0 || only.some((part) => name.includes(part)),
);
const folder = mkdtempSync(join(tmpdir(), 'hostile-bench-'));
try {
  const rows: string[][] = [];
  for (const layer of chosen) {
    const file = await writeLayer(layer);
    for (const builder of ['native', 'mkfs'])
      rows.push(row(layer, file, builder, await measured(file, builder)));
  }
  const head = ['layer', 'gzip', 'builder', 'seconds', 'CPU s', 'MB', 'within', 'outcome'];
  console.log(textTable({ title: 'root-hash on hostile layers', head, rows }));
  if (rows.some((cells) => cells[6] === 'no')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeLayer(layer: HostileLayer): Promise<string> {
  const file = join(folder, `${layer.name.replaceAll(/\W+/g, '-')}.tar.gz`);
  await pipeline(Readable.from(tarOf(layer)), createGzip({ level: 9 }), createWriteStream(file));
  return file;
}

function row({ name }: HostileLayer, file: string, builder: string, outcome: Outcome): string[] {
  const { seconds, processor, memory, status, message } = outcome;
  const within =
    processor <= MOST_SECONDS && memory <= MOST_BYTES && (status === 0 || status === 3 || status === 4);
  return [
    name,
    `${(statSync(file).size / 1000).toFixed(1)} kB`,
    builder,
    seconds.toFixed(1),
    processor.toFixed(1),
    (memory / 1e6).toFixed(0),
    within ? 'yes' : 'no',
    status === 0 ? 'root hash' : `${status}: ${message.slice(0, 100)}`,
  ];
}

async function measured(file: string, builder: string): Promise<Outcome> {
  const args = ['root-hash', file, '--builder', builder, '--temp-dir', folder];
  const program = builder === 'mkfs' ? ['--mkfs-path', find('mkfs.erofs') ?? 'mkfs.erofs'] : [];
  const start = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...args, ...program], {
    env: { PATH: searchPath(), HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let memory = 0;
  const times = new Map<number, number>();
  const timer = setInterval(() => {
    memory = Math.max(memory, largestOf(child.pid ?? 0, times));
  }, INTERVAL);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  const message = (said.trim().split('\n').at(-1) ?? '').replace(/^verity-sign: (\S+, )?layer \S+ \S+: /, '');
  const processor = [...times.values()].reduce((sum, time) => sum + time, 0);
  return { seconds: (performance.now() - start) / 1000, processor, memory, status, message };
}

/** Peak memory of the largest process among one and its descendants. Notes the processor time of each. */
function largestOf(root: number, times: Map<number, number>): number {
  const family = new Set([root]);
  let largest = 0;
  for (const pid of processes()) {
    const stat = procText(pid, 'stat') ?? ') ? 0';
    if (family.has(parentOf(stat))) family.add(pid);
    if (!family.has(pid)) continue;
    times.set(pid, Math.max(times.get(pid) ?? 0, processorSeconds(stat)));
    largest = Math.max(largest, highWaterBytes(procText(pid, 'status') ?? ''));
  }
  return largest;
}
