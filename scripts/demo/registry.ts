/** The part of `npm run demo:real` with a registry: push signed, verify there. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoPki } from '../demo-pki.ts';
import { startRegistry } from '../tools/registry-server.ts';
import { layoutName, step, veritySign } from './run.ts';

/** Words that each command on an image in this registry needs. */
export const PLAIN_HTTP = ['--plain-http'];

/**
 * Starts a registry on 127.0.0.1 and pushes the image in `folder/image` to it, signed; verifies it there, then runs `use`
 * with its name in the registry. The registry ends and loses its data whatever happens.
 */
export async function pushAndVerify(
  folder: string,
  { ca, key, certificate }: DemoPki,
  use: (image: string) => Promise<void>,
): Promise<void> {
  const parent = join(folder, 'registry');
  rmSync(parent, { recursive: true, force: true });
  mkdirSync(parent, { recursive: true });
  const registry = await step('A registry of its own, on 127.0.0.1', () =>
    startRegistry('fallback-tag', { parent }),
  );
  try {
    const image = `${registry.host}/demo:real`;
    await step('Push the image with its signatures: they are there before the tag is', () =>
      veritySign('sign', layoutName(folder), { key, certificate }, ['--push-to', image, ...PLAIN_HTTP]),
    );
    await step('Verify in the registry: every layer is downloaded and built again', () =>
      veritySign('verify', image, { 'trusted-certificate': ca }, PLAIN_HTTP),
    );
    await use(image);
  } finally {
    await registry.stop();
    rmSync(parent, { recursive: true, force: true });
  }
}
