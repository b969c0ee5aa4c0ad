import { parseMkfsOptions } from '../../convert/erofs/mkfs/mkfs-options.ts';
import { VeritySignError } from '../../errors.ts';
import { quoted } from '../../lib/printable.ts';
import { OWN_PREFIX, SIGNATURE_MARK } from '../../model/annotations.ts';
import type { ImageLayer, PlatformManifest, ProfileName } from '../../model/index.ts';
import { EMPTY_CONFIG_DIGEST, EMPTY_CONFIG_MEDIA_TYPE } from '../../model/media-types.ts';
import { isProfileName, isRecordedClass, type RecordedClass } from '../../model/profiles.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { type ArtifactForm, formOf } from '../../oci/attach/artifact-format.ts';

/** The entry of a signature manifest for one layer of the image. */
export interface SignedEntry {
  layer: ImageLayer;
  rootHash: string;
  signatureDigest: string;
}

/** How the root hashes were computed, as far as the signer recorded it. No signature covers it. */
export interface Recorded {
  profile?: ProfileName;
  /** As words, checked. */
  mkfsOptions?: readonly string[];
  version?: string;
  class?: RecordedClass;
}

/**
 * Checks that a signature manifest is one for this image manifest: artifact type, subject, one entry
 * per layer in the image's order, root hashes of the right form. Pure.
 * [Notary Project specs/proposals/dm-verity.md; microsoft/kata-containers, sign-oci-layer-root-hashes]
 * @throws VeritySignError 'image' with the first thing that is wrong.
 */
export function checkStructure(manifest: SignatureManifest, image: PlatformManifest): SignedEntry[] {
  const { artifactType, config, subject, annotations, layers: entries } = manifest;
  const form = formOf(manifest);
  if (artifactType !== form.artifactType) throw wrong(`its artifact type is ${quoted(artifactType)}`);
  if (config.mediaType !== EMPTY_CONFIG_MEDIA_TYPE || config.digest !== EMPTY_CONFIG_DIGEST) {
    throw wrong(`its config is ${quoted(config.mediaType)}, not the empty one`);
  }
  checkSubject(subject, image.descriptor);
  const mark = annotations[SIGNATURE_MARK];
  if (mark !== undefined && mark !== 'true')
    throw wrong(`its annotation ${SIGNATURE_MARK} is ${quoted(mark)}`);
  const checked = entries.map((entry, position) => checkEntry(entry, position, image.layers[position], form));
  if (entries.length !== image.layers.length) {
    throw wrong(`it has ${entries.length} entries for ${image.layers.length} layers`);
  }
  const byLayer = new Map<string, string>();
  for (const { layer, rootHash } of checked) {
    const { digest } = layer.descriptor;
    if ((byLayer.get(digest) ?? rootHash) !== rootHash) throw wrong(`it has two root hashes for ${digest}`);
    byLayer.set(digest, rootHash);
  }
  return checked;
}

/** @throws VeritySignError 'image' unless the subject is this manifest. */
export function checkSubject(
  subject: SignatureManifest['subject'],
  image: PlatformManifest['descriptor'],
): void {
  if (subject.digest !== image.digest || subject.size !== image.size) {
    throw wrong(`its subject is ${subject.digest} (${subject.size} bytes), another manifest`);
  }
  // oras attach writes octet-stream for a manifest that a layout lists only inside an index.
  if (subject.mediaType !== image.mediaType && subject.mediaType !== 'application/octet-stream') {
    throw wrong(`its subject has the media type ${quoted(subject.mediaType)}`);
  }
}

function checkEntry(
  entry: SignatureManifest['layers'][number],
  position: number,
  layer: ImageLayer | undefined,
  form: ArtifactForm,
): SignedEntry {
  const name = `entry ${position}`;
  const named = entry.annotations?.[form.layerDigest];
  const rootHash = entry.annotations?.[form.rootHash];
  if (named === undefined) throw wrong(`${name} names no layer (${form.layerDigest})`);
  if (layer === undefined) throw wrong(`${name} is for ${quoted(named)}, but the image has fewer layers`);
  if (named !== layer.descriptor.digest) {
    throw wrong(`${name} is for ${quoted(named)}, the image has ${layer.descriptor.digest} there`);
  }
  if (entry.mediaType !== form.mediaType) throw wrong(`${name} is ${quoted(entry.mediaType)}, not PKCS#7`);
  if (rootHash === undefined) throw wrong(`${name} has no root hash (${form.rootHash})`);
  if (!/^[0-9a-f]{64}$/.test(rootHash)) {
    throw wrong(`the root hash of ${name}, ${quoted(rootHash)}, is not 64 lowercase hex digits`);
  }
  return { layer, rootHash, signatureDigest: entry.digest };
}

/**
 * Long options that a stranger's text may not choose: their argument names a file of this machine, or
 * is a pattern, of which a short one takes gigabytes.
 */
const NOT_FOLLOWED = ['file-contexts', 'compress-hints', 'exclude-path', 'exclude-regex'];
/** Alignments in blocks: with a large one the image has terabytes. */
const ALIGNMENTS = ['fsalignblks', 'dsunit'];

/**
 * Reads this program's own annotations. Anyone who may push can write them, so their values are
 * checked as strictly as a user's options.
 * @throws VeritySignError 'image' for what cannot be followed.
 */
export function readRecord(annotations: Readonly<Record<string, string>>): Recorded {
  const of = (name: string): string | undefined => annotations[`${OWN_PREFIX}${name}`];
  const [profile, version, options, mkfsClass] = [
    of('profile'),
    of('erofs-utils-version'),
    of('mkfs-options'),
    recordedClass(of('erofs-utils-class')),
  ];
  if (profile !== undefined && !isProfileName(profile))
    throw wrong(`it records the profile ${quoted(profile)}`);
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(options === undefined ? {} : { mkfsOptions: recordedOptions(options) }),
    ...(version === undefined ? {} : { version: version.slice(0, 40) }),
    ...(mkfsClass === undefined ? {} : { class: mkfsClass }),
  };
}

function recordedClass(text: string | undefined): RecordedClass | undefined {
  return isRecordedClass(text) ? text : undefined;
}

function recordedOptions(text: string): string[] {
  if (text.length > 1024) throw wrong('it records mkfs options of more than 1024 characters');
  try {
    const words = parseMkfsOptions(text);
    for (const [position, word] of words.entries()) checkRecorded(word, words[position + 1]);
    return words;
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw wrong(`it records unsupported mkfs options (${error.message})`, error);
  }
}

function checkRecorded(word: string, next: string | undefined): void {
  if (!word.startsWith('--')) return;
  const [name = '', value = next ?? ''] = word.slice(2).split('=', 2);
  // mkfs.erofs takes any unambiguous beginning of a name.
  const isOneOf = (names: readonly string[]): boolean => names.some((long) => long.startsWith(name));
  if (isOneOf(NOT_FOLLOWED) || (isOneOf(ALIGNMENTS) && !/^\d{1,4}$/.test(value))) {
    throw new VeritySignError('usage', `${quoted(word)} is not accepted from a signature manifest`);
  }
}

function wrong(what: string, cause?: unknown): VeritySignError {
  return new VeritySignError('image', `not a signature manifest for this image: ${what}`, { cause });
}
