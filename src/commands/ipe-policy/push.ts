import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { descriptorOf } from '../../formats/descriptor.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { CREATED, OWN_PREFIX, TITLE } from '../../model/annotations.ts';
import { IPE_POLICY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor } from '../../model/index.ts';
import { EMPTY_CONFIG_MEDIA_TYPE, MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import type { Oras } from '../../oci/oras/oras.ts';
import type { PushedTag } from '../../report/report.ts';
import { openOras } from '../shared/open-image.ts';
import type { RunContext } from '../shared/options.ts';
import { type PushRepository, pushRepositories } from '../shared/push-targets.ts';
import type { PolicyFiles } from './files.ts';
import type { MakePolicyOptions } from './options.ts';

/** The signed policy first: clients that take one file take that. [RFC 8551; RFC 8259] */
const MEDIA_TYPES = {
  signed: 'application/pkcs7-mime',
  policy: 'text/plain',
  mapping: 'application/json',
} as const;

export type PolicyContents = Readonly<Record<keyof PolicyFiles, Uint8Array>>;

/** A manifest and its blobs: what a registry stores. */
export interface PolicyArtifact {
  descriptor: Descriptor;
  bytes: Uint8Array;
  blobs: { descriptor: Descriptor; bytes: Uint8Array }[];
}

/** The artifact of a policy: its three files under their names, no subject. The same input gives the same digest. */
export function policyArtifact(
  { signed, policy, mapping }: PolicyContents,
  files: PolicyFiles,
  annotations: { name: string; version: string; created: Date },
): PolicyArtifact {
  const config = {
    descriptor: descriptorOf(EMPTY_CONFIG_MEDIA_TYPE, Buffer.from('{}')),
    bytes: Buffer.from('{}'),
  };
  const blobs = Object.entries({ signed, policy, mapping }).map(([kind, bytes]) => ({
    descriptor: descriptorOf(MEDIA_TYPES[kind as keyof PolicyFiles], bytes),
    title: basename(files[kind as keyof PolicyFiles]),
    bytes,
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType: IPE_POLICY_ARTIFACT_TYPE,
    config: config.descriptor,
    layers: blobs.map(({ descriptor, title }) => ({ ...descriptor, annotations: { [TITLE]: title } })),
    annotations: {
      [`${OWN_PREFIX}ipe-policy-name`]: annotations.name,
      [`${OWN_PREFIX}ipe-policy-version`]: annotations.version,
      [CREATED]: annotations.created.toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { descriptor: descriptorOf(MANIFEST_MEDIA_TYPE, bytes), bytes, blobs: [config, ...blobs] };
}

/**
 * Pushes the artifact under each tag of `push-to`, and reads it back.
 * @param pushed called for each tag that is set
 * @throws VeritySignError 'registry', 'environment'
 */
export async function pushPolicy(
  artifact: PolicyArtifact,
  { pushTo, verifying }: Pick<MakePolicyOptions, 'pushTo' | 'verifying'>,
  context: RunContext,
  pushed: (tag: PushedTag) => void,
): Promise<void> {
  for (const target of pushRepositories(pushTo)) {
    await withTempFolder(verifying.tempDir, async (folder) => {
      const oras = await openOras(target.repository, folder, verifying, context);
      for (const [index, { descriptor, bytes }] of artifact.blobs.entries()) {
        await oras.pushBlob(target.repository, descriptor, await written(folder, `blob-${index}`, bytes));
      }
      const file = await written(folder, 'manifest.json', artifact.bytes);
      for (const tag of target.tags) {
        context.signal.throwIfAborted();
        await oras.pushManifest(target.repository, artifact.descriptor, file, tag);
        pushed(await readBack(oras, artifact, target, tag));
      }
    });
  }
}

async function readBack(
  oras: Oras,
  { descriptor, blobs }: PolicyArtifact,
  { repository }: PushRepository,
  tag: string,
): Promise<PushedTag> {
  const reference = `${repository}:${tag}`;
  const found = await oras.resolve(reference);
  if (found.digest !== descriptor.digest) {
    throw new VeritySignError(
      'registry',
      `push-to: ${reference} is ${found.digest} when it is read back, not the policy ${descriptor.digest}`,
      { remedy: 'Make sure that nothing else writes to that tag, then run again' },
    );
  }
  // Both check digests and sizes.
  await oras.manifest(repository, descriptor);
  for (const blob of blobs) await oras.smallBlob(repository, blob.descriptor);
  return { reference, digest: found.digest };
}

async function written(folder: string, name: string, bytes: Uint8Array) {
  await writeFile(join(folder, name), bytes);
  return { folder, name };
}
