/** Images for pictures: their layers have sizes as in practice, and contents that mean nothing. */
import { createCipheriv } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { LayoutWriter } from '../demo-image/layout.ts';
import { writeTar } from '../demo-image/tar-writer.ts';

/** 2024-01-01: the time of every file, so that pictures differ only if the program does. */
const EPOCH = Date.UTC(2024, 0, 1) / 1000;

/** Bytes of the layers of an application: system, runtime, program, configuration. */
export const FEW_LAYERS = [28_300_000, 9_700_000, 412_000, 1_900];
/** A build with many steps. */
export const MANY_LAYERS = Array.from({ length: 28 }, (_, index) => 4_000_000 / (index + 1));

/** Writes the layout at `dir` with the tag `1.0`, replacing what is there. */
export async function buildSampleImage(dir: string, sizes: readonly number[]): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  const layout = await LayoutWriter.create(dir);
  const layers = [];
  for (const [index, size] of sizes.entries()) {
    const entry = { path: `part-${index}`, bytes: incompressible(Math.round(size), index) };
    layers.push(await layout.layer(Readable.from([writeTar([entry], EPOCH)]), 'gzip', `COPY part-${index}`));
  }
  const created = new Date(EPOCH * 1000).toISOString().replace('.000', '');
  await layout.image(layers, created, { Entrypoint: ['/part-2'] }, '1.0');
}

/** The key stream of a cipher. */
function incompressible(size: number, seed: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}
