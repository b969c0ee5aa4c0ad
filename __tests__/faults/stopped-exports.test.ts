/** SIGKILL and SIGTERM at many points of an export: no half file, and the next run completes the cache. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cliOk } from '../helpers/cli.ts';
import { filesIn } from '../helpers/layer-cache.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { changesOf, type Signal, stoppedAt } from '../helpers/stopped/stopped-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
let files: LeafFiles;

beforeAll(async () => {
  files = (await pki()).leaf('rsa2048');
  await writeVectorImage(layout, ['simple-gzip', 'whiteouts-zstd']);
  const key = ['--key', files.keyPath, '--certificate', files.chainPath];
  await cliOk(['sign', `oci:${layout}`, '--profile', 'containerd-cache', ...key]);
});

const exporting = (cache: string, temp: string): string[] => [
  ...['export', `oci:${layout}`, cache, '--trusted-certificate', files.caPath],
  ...['--profile', 'containerd-cache', '--temp-dir', temp],
];
const newFolder = (name: string): string => mkdtempSync(join(folder, `${name}-`));

describe.each<[Signal, number]>([
  ['SIGKILL', 3],
  ['SIGTERM', 6],
])('%s', (signal, every) => {
  test('fault 64: while a layer cache is written', async () => {
    const first = newFolder('first');
    const changes = await changesOf(exporting(first, newFolder('temp')), first);
    const whole = filesIn(first);
    expect([whole.size, changes.length > 20]).toEqual([6, true]);
    for (let nth = 1; nth <= changes.length; nth += every) {
      const [cache, temp] = [newFolder('cache'), newFolder('temp')];
      const { status, stderr } = await stoppedAt(exporting(cache, temp), cache, nth, signal);
      // It may have come to its end before the signal did.
      if (status !== 0) expect([status, stderr]).toEqual([signal === 'SIGTERM' ? 130 : null, stderr]);
      expect(stderr).not.toContain('Internal error');
      for (const [path, bytes] of filesIn(cache)) {
        if (signal === 'SIGKILL' && /\.(partial|lock)$/.test(path)) continue;
        expect({ path, whole: whole.get(path)?.equals(bytes) }).toEqual({ path, whole: true });
      }
      if (signal === 'SIGTERM') expect(readdirSync(temp)).toEqual([]);
      await cliOk(exporting(cache, temp));
      expect(filesIn(cache)).toEqual(whole);
      expect(readdirSync(temp)).toEqual([]);
    }
  }, 1_200_000);
});
