import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexTargets } from '../tools/apt.ts';
import { architecture, command, failure } from '../tools/common.ts';
import type { Layer, LayoutWriter } from './layout.ts';

const CACHE = fileURLToPath(new URL('../../.cache/demo-image', import.meta.url));

/**
 * Adds the root file system of this machine's distribution (Debian or Ubuntu) with essential packages
 * and these, from the machine's own package sources. It is made once and kept in `.cache`.
 * @param epoch seconds since 1970: the time of every file
 */
export async function addBaseLayer(
  layout: LayoutWriter,
  epoch: number,
  packages: readonly string[] = [],
): Promise<Layer> {
  const { suite, mirror } = await distribution();
  const choice = ['--variant=essential', ...packages.map((name) => `--include=${name}`)];
  const createdBy = `mmdebstrap ${choice.join(' ')} ${suite}`;
  const key = createHash('sha256')
    .update(JSON.stringify([createdBy, epoch, architecture()]))
    .digest('hex');
  const record = join(CACHE, `base-${key.slice(0, 16)}.json`);
  const blob = record.replace(/json$/, 'blob');
  if (existsSync(record)) {
    const layer = JSON.parse(await readFile(record, 'utf8')) as Layer;
    await copyFile(blob, layout.blobPath(layer.descriptor.digest));
    return layer;
  }

  const folder = await mkdtemp(join(tmpdir(), 'demo-image-'));
  try {
    const tar = join(folder, 'base.tar');
    const argv = ['mmdebstrap', '--quiet', ...choice, suite, tar, mirror];
    await command(['env', `SOURCE_DATE_EPOCH=${epoch}`, ...argv], folder);
    const layer = await layout.layer(createReadStream(tar), 'gzip', createdBy);
    await mkdir(CACHE, { recursive: true });
    await copyFile(layout.blobPath(layer.descriptor.digest), `${blob}.new`);
    await rename(`${blob}.new`, blob);
    await writeFile(`${record}.new`, JSON.stringify(layer));
    await rename(`${record}.new`, record);
    return layer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Code name and archive of the distribution that this machine runs. */
async function distribution(): Promise<{ suite: string; mirror: string }> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const suite = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1];
  const mirror = (await indexTargets()).find(({ codename }) => codename === suite)?.uri;
  if (suite !== undefined && mirror !== undefined) return { suite, mirror };
  throw failure(
    'the base layer of the demo image needs a Debian or Ubuntu system with package sources',
    'Run it on Debian or Ubuntu, or in a container of one',
  );
}
