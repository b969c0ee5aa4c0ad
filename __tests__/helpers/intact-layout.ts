import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { sha256 } from './image-writer.ts';

interface Document {
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/** Every blob is whole, and what index.json lists is there with all of its parts. Other files are returned. */
export function expectIntact(layout: string): string[] {
  const json = (path: string): Document => JSON.parse(readFileSync(join(layout, path), 'utf8')) as Document;
  const place = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;
  const damaged = readdirSync(join(layout, 'blobs/sha256'))
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .filter((name) => sha256(readFileSync(join(layout, 'blobs/sha256', name))) !== `sha256:${name}`);
  const absent: string[] = [];
  for (const listed of json('index.json').manifests ?? []) {
    const { config, layers = [] } = json(place(listed));
    const parts = [...(config === undefined ? [] : [config]), ...layers];
    absent.push(...parts.map(place).filter((path) => !existsSync(join(layout, path))));
  }
  expect({ damaged, absent }).toEqual({ damaged: [], absent: [] });
  return readdirSync(layout, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^(oci-layout|index\.json|blobs|blobs\/sha256|blobs\/sha256\/[0-9a-f]{64})$/.test(name),
  );
}
