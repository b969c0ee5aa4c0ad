import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '../../src/model/index.ts';

export const DM_VERITY = 'application/vnd.cncf.notary.signature.dm-verity';
export const NOTARY = 'application/vnd.cncf.notary.signature';

export interface Attached {
  digest: string;
  artifactType: string;
  subject: string;
  layers: Descriptor[];
}

/** The signature manifests that index.json of a layout lists, read without this project's code. */
export function attachedIn(layout: string): Attached[] {
  const json = (path: string) => JSON.parse(readFileSync(join(layout, path), 'utf8'));
  const { manifests } = json('index.json') as { manifests: Descriptor[] };
  return manifests.flatMap(({ digest }) => {
    const { artifactType, subject, layers } = json(`blobs/${digest.replace(':', '/')}`);
    return [DM_VERITY, NOTARY].includes(artifactType)
      ? [{ digest, artifactType, subject: subject.digest, layers }]
      : [];
  });
}
