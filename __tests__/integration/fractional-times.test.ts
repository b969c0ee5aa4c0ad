/** Times with fractions of a second, as base images of Ubuntu 26.04 have them on every entry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { paxHeader, rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';

const TAR = 'application/vnd.oci.image.layer.v1.tar';
const folder = testFolder();
let writer: ImageWriter;

/** Layers by the times of their files, and what the report tells of each. */
const LAYERS = [
  { times: ['1700000000'], told: { count: 0, differing: 0 } },
  { times: ['1700000000.123456789', '1700000000'], told: { count: 1, differing: 0 } },
  { times: ['1700000000.123456789', '1700000000.5', '1700000000.12'], told: { count: 3, differing: 2 } },
];

beforeAll(async () => {
  writer = await ImageWriter.create();
  const layers = LAYERS.map(({ times }) => {
    const files = times.flatMap((mtime, at) => [
      paxHeader({ mtime }),
      { name: `file-${at}`, data: Buffer.alloc(5000, 'x') },
    ]);
    return { bytes: rawTar(...files), mediaType: TAR };
  });
  await writer.add(await writer.image({ layers }), 'app');
});
afterAll(() => writer.remove());

describe.each(['native', 'mkfs'])('builder %s', (builder) => {
  test('the report tells for each layer how many entries have them', async () => {
    const report = join(folder, `${builder}.json`);
    const options = ['--builder', builder, '--dry-run', '--report', report];
    await cliOk(['sign', `oci:${writer.directory}`, ...options]);
    const [{ artifacts }] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
    expect(artifacts[0]?.layers.map(({ fractionalTimes }) => fractionalTimes)).toEqual(
      LAYERS.map(({ told }) => told),
    );
  });
});

test('the layers that differ between the classes are those that the report counts', async () => {
  const options = ['--json', '--erofs-utils-version', 'A,B,C'];
  const { stdout } = await cliOk(['root-hash', `oci:${writer.directory}`, ...options]);
  const entries = JSON.parse(stdout) as RootHashEntry[];
  const rootHash = (layer: number, of: string): string | undefined => {
    const digest = [...new Set(entries.map((entry) => entry.digest))][layer];
    return entries.find((entry) => entry.digest === digest && entry.class === of)?.rootHash;
  };
  for (const [layer, { told }] of LAYERS.entries()) {
    const [a, b, c] = ['A', 'B', 'C'].map((of) => rootHash(layer, of));
    expect(c).toMatch(/^[0-9a-f]{64}$/);
    expect({ layer, likeA: a === c, likeB: b === c }).toEqual({
      layer,
      likeA: told.differing === 0,
      likeB: true,
    });
  }
});
