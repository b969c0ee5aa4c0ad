/**
 * `npm run demo:real` does on a Debian image what `npm run demo` does on a small one, and has mkfs.erofs make
 * every layer as well (`--cross-check`). It installs what that needs, and writes to .demo/real/.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demo, signAndVerify, step } from './demo/run.ts';
import { buildDemoImage } from './demo-image.ts';
import { installTools } from './tools/install.ts';

const folder = join(dirname(import.meta.dirname), '.demo/real');

console.log(`This takes about three minutes the first time, less than one later, and 1 GB of disk. It
  - brings what is missing of openssl, mmdebstrap, zstd, busybox, a C compiler and the programs that build
    erofs-utils: by apt, as root or through sudo. It says first which, and stops at once where it may not;
  - downloads oras and the source of erofs-utils, which it builds, into .tools/;
  - downloads the packages of a small Debian system (50 MB compressed) and makes an image of it in .demo/real/;
  - signs and verifies each layer, once by each builder: 148 MB of EROFS images.
npm run demo does the same with a small image, and needs none of this.`);

await demo(async () => {
  await step('Tools in .tools/: mkfs.erofs, oras and the programs that make the image', () =>
    installTools('demo'),
  );
  const built = join(folder, 'built');
  await step(
    'An image: Debian, an application, and a layer with whiteouts, links and capabilities',
    async () => {
      if (existsSync(join(built, 'index.json'))) return;
      rmSync(built, { recursive: true, force: true });
      await buildDemoImage(built);
    },
  );
  const layout = join(folder, 'image');
  rmSync(layout, { recursive: true, force: true });
  cpSync(built, layout, { recursive: true });
  await signAndVerify(folder, ['--cross-check']);
});
