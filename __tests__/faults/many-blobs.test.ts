/** An archive of an image with tens of thousands of other blobs, where a process may open few files. */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { END, rawEntry } from '../helpers/raw-tar.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { watchMemory } from '../helpers/watched-memory.ts';

const BLOBS = 40_000;
/** MB of one process. */
const MOST_MEMORY = 250;
const FEW_FILES = ['sh', '-c', 'ulimit -n 256; exec "$@"', 'sh'];
const folder = testFolder();
const archive = join(folder, 'image.tar');
const temp = join(folder, 'temp');
let files: LeafFiles;

/** The tar of a layout with so many blobs that nothing names. */
function* archiveOf(layout: string): Generator<Buffer> {
  for (const name of readdirSync(layout, { recursive: true, encoding: 'utf8', withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    yield rawEntry({ name: path.slice(layout.length + 1), data: readFileSync(path) });
  }
  for (let number = 0; number < BLOBS; number++) {
    const data = Buffer.from(`blob ${number}`);
    yield rawEntry({ name: `blobs/sha256/${createHash('sha256').update(data).digest('hex')}`, data });
  }
  yield END;
}

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  const layout = join(folder, 'layout');
  mkdirSync(layout);
  mkdirSync(temp);
  await writeVectorImage(layout, ['simple-gzip']);
  await pipeline(Readable.from(archiveOf(layout)), createWriteStream(archive));
});

/** Runs with 256 open files at most. Nothing stays in the temporary folder. */
async function withFewFiles(args: string[]): Promise<CliResult> {
  let watched: ReturnType<typeof watchMemory> | undefined;
  const onStart = (pid: number): void => {
    watched = watchMemory(pid);
  };
  const result = await cli([...args, '--temp-dir', temp], { onStart, prefix: FEW_FILES });
  const megabytes = (await watched?.stop()) ?? 0;
  expect(megabytes).toBeGreaterThan(50);
  expect(megabytes).toBeLessThan(MOST_MEMORY);
  expect(readdirSync(temp)).toEqual([]);
  return result;
}

async function names(): Promise<string[]> {
  const { stdout } = await run(['tar', '-tf', archive], { env: toolEnvironment(), maxOutput: 16_000_000 });
  return stdout.toString().trim().split('\n');
}

async function works(args: string[]): Promise<void> {
  const { status, stderr } = await withFewFiles(args);
  expect([args[0], status, status === 0 ? '' : stderr]).toEqual([args[0], 0, '']);
}

describe('fault 83: an oci-archive of 40,000 blobs under `ulimit -n 256`', () => {
  const key = (): string[] => ['--key', files.keyPath, '--certificate', files.fullChainPath];
  const trust = (): string[] => ['--trusted-certificate', files.caPath];

  test('is signed and verified, and keeps all blobs', async () => {
    const before = await names();
    await works(['sign', `oci-archive:${archive}`, ...key()]);
    await works(['verify', `oci-archive:${archive}`, ...trust()]);
    const after = new Set(await names());
    expect(before.filter((name) => !after.has(name) && !name.endsWith('/'))).toEqual([]);
    expect(after.size).toBeGreaterThan(BLOBS + 4);
  }, 900_000);

  test('is signed and pushed', async () => {
    const registry = await startRegistry('referrers-api');
    try {
      const target = `${registry.host}/many:1`;
      const access = ['--plain-http', '--oras-path', toolPath('oras')];
      await works(['sign', `oci-archive:${archive}`, ...key(), ...access, '--push-to', target]);
      await works(['verify', target, ...trust(), ...access]);
    } finally {
      await registry.stop();
    }
  }, 900_000);
});
