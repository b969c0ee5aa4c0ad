/**
 * `npm run demo` makes a small image as an OCI layout, signs every layer, checks each signature with openssl
 * if it is installed, and verifies. It needs Node only, and writes to .demo/.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demo, signAndVerify, step } from './demo/run.ts';
import { buildSmallImage } from './demo/small-image.ts';

const folder = join(dirname(import.meta.dirname), '.demo');

await demo(async () => {
  const layout = join(folder, 'image');
  rmSync(layout, { recursive: true, force: true });
  await step('An image of two layers, with a whiteout, links and a file capability', () =>
    buildSmallImage(layout),
  );
  await signAndVerify(folder);
});
