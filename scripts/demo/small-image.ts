/** An image of files of its own, which needs no program and no download. */
import { Readable } from 'node:stream';
import { LayoutWriter } from '../demo-image/layout.ts';
import { type Entry, fileCapability, writeTar } from '../demo-image/tar-writer.ts';
import { architecture } from '../tools/common.ts';
import { helloProgram } from './hello-program.ts';

/** 2024-01-01: the time of every file, so that the image is reproducible. */
const EPOCH = Date.UTC(2024, 0, 1) / 1000;

const PROGRAM = helloProgram(architecture(), 'Hello from a signed layer\n');

/** As a build leaves them: files, then a change of them with a whiteout, links and an attribute. */
const BASE: readonly Entry[] = [
  { path: 'app/' },
  { path: 'app/hello', mode: 0o755, bytes: PROGRAM },
  { path: 'app/draft.txt', bytes: Buffer.from('Not for release.\n') },
  { path: 'app/data.bin', bytes: Buffer.alloc(300_000, 'verity-sign ') },
];
const CHANGE: readonly Entry[] = [
  { path: 'app/' },
  { path: 'app/.wh.draft.txt', mode: 0o600 },
  {
    path: 'app/serve',
    mode: 0o755,
    bytes: PROGRAM,
    xattrs: { 'security.capability': fileCapability(10) },
  },
  { path: 'app/hi', link: { type: 'hard', target: 'app/serve' } },
  { path: 'app/start', mode: 0o777, link: { type: 'symbolic', target: 'hello' } },
];

/** Writes the layout at `dir`, which must not exist or be an empty folder; the image has the tag `demo`. */
export async function buildSmallImage(dir: string): Promise<void> {
  const layout = await LayoutWriter.create(dir);
  const tar = (entries: readonly Entry[]): Readable => Readable.from([writeTar(entries, EPOCH)]);
  const layers = [
    await layout.layer(tar(BASE), 'gzip', 'COPY app /app'),
    await layout.layer(tar(CHANGE), 'zstd', 'RUN rm draft.txt, ln, setcap'),
  ];
  const created = new Date(EPOCH * 1000).toISOString().replace('.000', '');
  await layout.image(layers, created, { Entrypoint: ['/app/hello'] }, 'demo');
}
