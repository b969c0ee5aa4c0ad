/** What a registry lists for an image, asked without any client of ours or oras. */
import { expect } from '@jest/globals';
import { DM_VERITY, NOTARY } from './attached-signatures.ts';
import type { TestRegistry } from './registry.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const ACCEPT = `application/vnd.oci.image.manifest.v1+json, ${INDEX}`;

interface Listed {
  digest: string;
  artifactType?: string;
}

/** The body of a GET below `/v2/`; undefined if it is refused. */
export async function getFrom(host: string, path: string): Promise<Buffer | undefined> {
  const response = await fetch(`http://${host}/v2/${path}`, { headers: { accept: ACCEPT } });
  const body = Buffer.from(await response.arrayBuffer());
  return response.ok ? body : undefined;
}

/** The list of referrers of a manifest, by the API or the fallback tag: digests of signatures by their type. */
export async function signaturesIn(
  { kind, host }: TestRegistry,
  repository: string,
  subject: string,
): Promise<{ layers: string[]; manifests: string[] }> {
  const path = kind === 'referrers-api' ? `referrers/${subject}` : `manifests/${subject.replace(':', '-')}`;
  const list = await getFrom(host, `${repository}/${path}`);
  const { manifests } = JSON.parse(list?.toString() ?? '{"manifests":[]}') as { manifests: Listed[] };
  const of = (type: string): string[] =>
    manifests.filter(({ artifactType }) => artifactType === type).map(({ digest }) => digest);
  const found = { layers: of(DM_VERITY), manifests: of(NOTARY) };
  for (const digest of [...found.layers, ...found.manifests]) await expectWhole(host, repository, digest);
  return found;
}

/** A manifest that is listed is there, with its config and its layers. */
async function expectWhole(host: string, repository: string, digest: string): Promise<void> {
  const manifest = await getFrom(host, `${repository}/manifests/${digest}`);
  const { config, layers } = JSON.parse(manifest?.toString() ?? '{"layers":[]}') as {
    config?: Listed;
    layers: Listed[];
  };
  const parts = [...(config === undefined ? [] : [config]), ...layers];
  const blobs = await Promise.all(parts.map((part) => getFrom(host, `${repository}/blobs/${part.digest}`)));
  expect({ digest, there: manifest !== undefined, parts: blobs.map((blob) => blob !== undefined) }).toEqual({
    digest,
    there: true,
    parts: blobs.map(() => true),
  });
}
