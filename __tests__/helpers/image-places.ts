/** The places from which an image is signed, each as the test wrote it into a layout. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '../../src/model/index.ts';
import { serveLayout } from './layout-registry.ts';

export interface ImagePlace {
  /** The value of `image`. */
  image: string;
  /** Further inputs, by name. A flag has an empty value. */
  inputs: Record<string, string>;
  /** Files and folders of the image. */
  files: string[];
  /** Requests that would have written into a registry. Each was refused. */
  writes: string[];
  stop(): Promise<void>;
}

export type PlaceName = 'layout' | 'archive' | 'registry' | 'layout with push-to';
export const PLACES: readonly PlaceName[] = ['layout', 'archive', 'registry', 'layout with push-to'];

/**
 * Puts the image `app` of a layout into a place of its own below `folder`. A registry serves the documents as
 * they are, also invalid ones.
 */
export async function imagePlace(
  name: PlaceName,
  folder: string,
  layout: string,
  app: Descriptor,
): Promise<ImagePlace> {
  const own = mkdtempSync(join(folder, 'place-'));
  const copy = join(own, 'layout');
  const stop = (): Promise<void> => Promise.resolve();
  if (name === 'archive') {
    const archive = join(own, 'image.tar');
    execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
    return { image: `oci-archive:${archive}:app`, inputs: {}, files: [archive], writes: [], stop };
  }
  cpSync(layout, copy, { recursive: true });
  const image = `oci:${copy}:app`;
  if (name === 'layout') return { image, inputs: {}, files: [copy], writes: [], stop };
  const empty = join(own, 'empty');
  mkdirSync(empty);
  const server = await (name === 'registry' ? serveLayout(copy, { app }) : serveLayout(empty, {}));
  const there = { files: [copy], writes: server.writes, stop: server.stop };
  const plain = { 'plain-http': '' };
  if (name === 'registry') return { ...there, image: `${server.host}/app:app`, inputs: plain };
  return { ...there, image, inputs: { ...plain, 'push-to': `${server.host}/app:pushed` } };
}
