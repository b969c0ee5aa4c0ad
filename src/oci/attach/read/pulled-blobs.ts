import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { checkContent } from '../../../formats/descriptor.ts';
import { readRegular } from '../../../lib/read-regular.ts';
import { TITLE } from '../../../model/annotations.ts';
import type { Descriptor } from '../../../model/index.ts';
import {
  EMPTY_CONFIG_DIGEST,
  EMPTY_CONFIG_MEDIA_TYPE,
  PKCS7_MEDIA_TYPE,
} from '../../../model/media-types.ts';
import type { Oras } from '../../oras/oras.ts';
import type { SignatureManifest } from '../artifact.ts';
import { MAX_SIGNATURE_SIZE } from '../store.ts';

/** A name of a file in the folder itself that is not hidden. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** By annotations under this prefix oras unpacks an archive. [oras-go content/file, AnnotationUnpack] */
const UNPACKED = 'io.deis.oras.';

/**
 * The signatures of a manifest by their digests, read by one process of oras. That needs a manifest of which oras pulls
 * nothing but signatures, into files of distinct names: anyone can attach another, whose layers oras would unpack, or
 * follow if they are manifests. The result is empty for such a manifest, and after a failure: read singly, a blob
 * gives a more precise error.
 *
 * @param folder the run's private temporary folder
 * @throws VeritySignError 'cancelled'
 */
export async function pullTogether(
  oras: Pick<Oras, 'pullFiles'>,
  repository: string,
  descriptor: Descriptor,
  manifest: SignatureManifest,
  folder: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const names = fileNames(manifest);
  const blobs = new Map<string, Buffer>();
  if (names === undefined) return blobs;
  const own = await mkdtemp(join(folder, 'pulled-'));
  try {
    if (!(await oras.pullFiles(repository, descriptor, own))) return blobs;
    for (const [index, layer] of manifest.layers.entries()) {
      const bytes = await readRegular(join(own, names[index] ?? ''), layer.size);
      checkContent(bytes, layer);
      blobs.set(layer.digest, bytes);
    }
    return blobs;
  } catch (error) {
    if (error instanceof VeritySignError && error.code === 'cancelled') throw error;
    return new Map();
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** The names of the layers' files; undefined unless oras pulls these files alone, and each is one that is read singly. */
function fileNames({ config, layers }: SignatureManifest): string[] | undefined {
  if (!isEmpty(config) || !layers.every(isSignature)) return undefined;
  const names = layers.map(({ annotations }) => annotations?.[TITLE] ?? '');
  const areFiles = names.every((name) => PLAIN_NAME.test(name)) && new Set(names).size === names.length;
  return areFiles ? names : undefined;
}

/** oras pulls any other config, and follows it if its media type is that of a manifest. */
function isEmpty({ mediaType, digest, annotations }: Descriptor): boolean {
  return mediaType === EMPTY_CONFIG_MEDIA_TYPE && digest === EMPTY_CONFIG_DIGEST && annotations === undefined;
}

function isSignature({ mediaType, size, annotations = {} }: Descriptor): boolean {
  const unpacks = Object.keys(annotations).some((key) => key.startsWith(UNPACKED));
  return mediaType === PKCS7_MEDIA_TYPE && size <= MAX_SIGNATURE_SIZE && !unpacks;
}
