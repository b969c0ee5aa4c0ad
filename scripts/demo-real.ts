/**
 * `npm run demo:real` does on a Debian image what `npm run demo` does on a small one, and has mkfs.erofs make every layer
 * as well (`--cross-check`). Then the image goes through a registry into a kernel that enforces its signatures. It installs
 * what that needs, and writes to .demo/real/.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { showKernel } from './demo/kernel.ts';
import { planRealDemo } from './demo/real-plan.ts';
import { pushAndVerify } from './demo/registry.ts';
import { demo, signAndVerify, step } from './demo/run.ts';
import { buildDemoImage } from './demo-image.ts';
import { installTools } from './tools/install.ts';

const folder = join(dirname(import.meta.dirname), '.demo/real');

await demo(async () => {
  const plan = await planRealDemo(process.argv.slice(2));
  console.log(plan.text);
  await step('Tools in .tools/: mkfs.erofs, oras, a registry, and the programs that make the image', () =>
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
  const pki = await signAndVerify(folder, ['--cross-check']);
  if (!plan.registry) return;
  await pushAndVerify(folder, pki, async (image) => {
    console.log(`\nThe registry holds ${image} with its signatures, and they verify.`);
    if (plan.kernel) await showKernel(folder, image);
  });
});
