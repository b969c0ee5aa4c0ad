import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { Meter } from '../../demo-image/meter.ts';
import { layerTar } from './layer-tar.ts';

/** Increment it when the generator or the compression changes, so that all data are made again. */
const VERSION = 1;
const CHUNK = 1024 * 1024;

export const COMPRESSIONS = ['gzip', 'zstd', 'plain'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** A blob on disk. */
export interface Blob {
  path: string;
  /** `sha256:` and hex digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

/** A layer in each compression; `plain` is the tar itself. */
export type Layer = Record<Compression, Blob>;

/** Makes layers and keeps them in a folder, so that each is made once. */
export class LayerCache {
  /** Data of other versions and seeds are in others. */
  readonly folder: string;
  readonly seed: number;

  constructor(folder: string, seed: number) {
    this.folder = join(folder, `data-${VERSION}-seed-${seed}`);
    this.seed = seed;
  }

  /** The layer number `number` of about `size` bytes of tar. */
  async layer(size: number, number: number): Promise<Layer> {
    const name = `${size}-${number}`;
    const facts = join(this.folder, `${name}.json`);
    const known = existsSync(facts)
      ? (JSON.parse(await readFile(facts, 'utf8')) as Record<Compression, Omit<Blob, 'path'>>)
      : await this.#make(name, facts, size, this.seed * 1000 + number);
    const blob = (of: Compression): Blob => ({ ...known[of], path: this.#path(name, of) });
    return { gzip: blob('gzip'), zstd: blob('zstd'), plain: blob('plain') };
  }

  #path(name: string, compression: Compression): string {
    return join(this.folder, `${name}.${{ gzip: 'tar.gz', zstd: 'tar.zst', plain: 'tar' }[compression]}`);
  }

  async #make(
    name: string,
    facts: string,
    size: number,
    seed: number,
  ): Promise<Record<Compression, Omit<Blob, 'path'>>> {
    if (size >= 10e6) console.log(`      making a layer of ${size / 1e6} MB, once`);
    await mkdir(this.folder, { recursive: true });
    const tar = this.#path(name, 'plain');
    const write = async (from: Readable, through: Transform[], to: string) => {
      const meter = new Meter();
      await pipeline([from, ...through, meter, createWriteStream(to)]);
      return { digest: meter.digest(), size: meter.size };
    };
    const read = () => createReadStream(tar, { highWaterMark: CHUNK });
    const plain = await write(Readable.from(layerTar(size, seed), { objectMode: true }), [], tar);
    const [gzip, zstd] = await Promise.all([
      write(read(), [createGzip({ level: 6, chunkSize: CHUNK })], this.#path(name, 'gzip')),
      write(read(), [createZstdCompress({ chunkSize: CHUNK })], this.#path(name, 'zstd')),
    ]);
    const made = { gzip, zstd, plain };
    // Written last and atomically: a layer without facts is made again.
    await writeFile(`${facts}.new`, JSON.stringify(made));
    await rename(`${facts}.new`, facts);
    return made;
  }
}
