import { readdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cli } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { type Vector, vectors } from '../helpers/vector-image.ts';

const folder = testFolder();
const temp = join(folder, 'temp');
const [first] = vectors().filter(({ mediaType }) => mediaType.endsWith('+gzip')) as [Vector];
const second = vectors().find(({ diffId }) => diffId !== first.diffId) as Vector;
let images: ImageWriter;

beforeAll(async () => {
  images = await ImageWriter.create();
  const image = async ({ path, mediaType }: Vector, diffId: string, architecture: string) => {
    const platform = { os: 'linux', architecture };
    const layers = [{ bytes: await readFile(path), mediaType }];
    return { ...(await images.image({ layers, diffIds: [diffId], platform })), platform };
  };
  const good = await image(first, first.diffId, 'amd64');
  await images.add(good, 'good');
  await images.add(await images.index([good, await image(first, second.diffId, 'arm64')]), 'two-claims');
  await mkdir(temp);
});
afterAll(() => images.remove());

const left = (): string[] => readdirSync(temp);
beforeEach(() => expect(left()).toEqual([]));

test('several archives in one run', async () => {
  const archive = join(folder, 'image.tar');
  const argv = ['tar', '-C', images.directory, '-cf', archive, 'oci-layout', 'index.json', 'blobs'];
  await run(argv, { env: toolEnvironment() });
  const source = `oci-archive:${archive}:good`;
  const { status, stdout, stderr } = await cli(['root-hash', '--json', '--temp-dir', temp, source, source]);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const { rootHash } = first.profiles.containerd;
  expect(JSON.parse(stdout)).toMatchObject([{ rootHash }, { rootHash }]);
  expect(left()).toEqual([]);
});

test('fault 08: two configs claim different diffIDs for one blob', async () => {
  const source = `oci:${images.directory}:two-claims`;
  const { status, stderr } = await cli(['root-hash', '--temp-dir', temp, '--concurrency', '2', source]);
  expect(status).toBe(3);
  expect(stderr).toContain(`has the digest ${first.diffId}, the image config says ${second.diffId}`);
  expect(left()).toEqual([]);
});

test('a report that cannot be written is told in one line with its path', async () => {
  const args = ['sign', '--dry-run', '--temp-dir', temp, '--report', folder, `oci:${images.directory}:good`];
  const { status, stderr } = await cli(args);
  expect(status).toBe(4);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    new RegExp(`^verity-sign: option --report: ${folder} cannot be written to \\(it is a folder\\)\\. [A-Z]`),
  );
});

test('a reader of its messages that goes away does not end it', async () => {
  const script = 'exec 3>&1; { "$@" 2>&1 >/dev/null; echo "status $?" >&3; } | true';
  const paths = vectors().map(({ path }) => path);
  const prefix = ['sh', '-c', script, 'sh'];
  const { stdout } = await cli(['root-hash', '--temp-dir', temp, ...paths], { prefix });
  expect(stdout).toBe('status 0\n');
  expect(left()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s leaves nothing behind', async (signal) => {
  let pid = 0;
  const paths = vectors().map(({ path }) => path);
  const onStart = (started: number): void => {
    pid = started;
  };
  const ended = cli(['root-hash', '--temp-dir', temp, ...paths], { onStart });
  while (left().length === 0) await sleep(5);
  process.kill(pid, signal);
  const { status, stderr } = await ended;
  expect({ status, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
    status: 130,
    last: expect.stringContaining('stopped'),
  });
  expect(left()).toEqual([]);
});
