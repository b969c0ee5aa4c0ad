import { VeritySignError } from '../../errors.ts';
import { plainDescriptor } from '../../formats/descriptor.ts';
import { checkMetadataSize } from '../../formats/metadata.ts';
import type {
  Descriptor,
  Platform,
  PlatformManifest,
  ResolvedImage,
  SkippedManifest,
} from '../../model/index.ts';
import { type ImageManifest, parseConfig, parseDocument } from '../documents.ts';
import { documentKind, isImageConfig } from '../media-types.ts';
import { imageLayers } from './layers.ts';
import { formatPlatform, normalizePlatform, parsePlatform } from './platform.ts';
import type { ImageSource } from './source.ts';

/** Indexes in indexes, counted from the root. */
const MAX_DEPTH = 8;

export interface ResolveOptions {
  /** Such as `linux/arm64/v8`; empty for every platform. */
  platforms: readonly string[];
  /** Media types, or `nondistributable`, of layers that may stay unsigned. */
  allowSkip: readonly string[];
  /**
   * `required` (default): only images whose layers can be signed. `auto`: images of other systems as
   * well, without layers. `none`: every manifest, without layers.
   */
  layers?: 'required' | 'auto' | 'none';
  /**
   * What becomes of an image with a layer of a kind that cannot be signed and may not be skipped:
   * it is refused (default), or taken without its layers. The latter is for signers alone: a Linux
   * node may run such an image.
   */
  unfitLayers?: 'refuse' | 'leave-out';
}

/**
 * Pins the image to the digest that its tag has now, and finds the platform manifests under it.
 *
 * An index gives one manifest for each distinct Linux image in it, in its order; buildx attestations,
 * images of other systems, artifacts and platforms that were not asked for are reported as skipped.
 * Unless layers are required, images of other systems are taken too, and so is an artifact that the
 * reference itself names: `layersLeftOut` says why they have no layers here.
 *
 * @throws VeritySignError 'image' for damaged or unfit images, 'usage' for a platform that is not there
 */
export async function resolveImage(source: ImageSource, options: ResolveOptions): Promise<ResolvedImage> {
  const { platforms, allowSkip, layers = 'required', unfitLayers = 'refuse' } = options;
  const wanted = new Set(platforms.map((text) => formatPlatform(parsePlatform(text))));
  const other = layers === 'required' && [...wanted].find((platform) => !platform.startsWith('linux/'));
  if (other) {
    throw new VeritySignError('usage', `layers of ${other} images are not Linux file systems`, {
      remedy: 'Ask for Linux platforms only, or set layers to auto',
    });
  }
  const root = plainDescriptor(await source.resolve());
  const walk = new Walk(source, wanted, { allowSkip, layers, unfitLayers });
  if (documentKind(root.mediaType) === 'index') await walk.index(root, []);
  else await walk.rootManifest(root);
  const missing = [...wanted].filter((platform) => !walk.found.has(platform));
  if (missing.length > 0) {
    const present = walk.present.size === 0 ? 'no platform' : [...walk.present].join(', ');
    throw new VeritySignError('usage', `the image has no ${missing.join(', ')}; it has ${present}`, {
      remedy: 'Set platform to what the image has, or leave it out for every platform',
    });
  }
  if (walk.manifests.length === 0) {
    const reasons = walk.skipped.map(({ reason }) => reason);
    const why = reasons.length === 0 ? '' : ` (${[...new Set(reasons)].join('; ')})`;
    const what = layers === 'required' ? 'Linux image' : 'image';
    throw new VeritySignError('image', `the index holds no ${what}${why}`);
  }
  return { name: `${source.name}@${root.digest}`, root, manifests: walk.manifests, skipped: walk.skipped };
}

class Walk {
  readonly manifests: PlatformManifest[] = [];
  /** Wanted platforms that were met. */
  readonly found = new Set<string>();
  /** All platforms of Linux images, wanted or not. */
  readonly present = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #skipped = new Map<string, SkippedManifest>();
  readonly #source: ImageSource;
  readonly #wanted: ReadonlySet<string>;
  readonly #options: Required<Omit<ResolveOptions, 'platforms'>>;

  constructor(
    source: ImageSource,
    wanted: ReadonlySet<string>,
    options: Required<Omit<ResolveOptions, 'platforms'>>,
  ) {
    this.#source = source;
    this.#wanted = wanted;
    this.#options = options;
  }

  async index(descriptor: Descriptor, parents: readonly string[]): Promise<void> {
    if (parents.includes(descriptor.digest)) {
      throw new VeritySignError('image', `the index ${descriptor.digest} contains itself`);
    }
    if (parents.length >= MAX_DEPTH) {
      throw new VeritySignError('image', `indexes are nested more than ${MAX_DEPTH} deep`);
    }
    const document = await this.#document(descriptor);
    if (document.kind !== 'index') throw new TypeError('not an index');
    for (const entry of document.manifests) await this.#entry(entry, [...parents, descriptor.digest]);
  }

  /** The user named one manifest: what cannot be signed is an error, not something to skip. */
  async rootManifest(descriptor: Descriptor): Promise<void> {
    const document = await this.#document(descriptor);
    if (document.kind !== 'manifest') throw new TypeError('not a manifest');
    const { mediaType } = document.config;
    if (!isImageConfig(mediaType) && this.#options.layers !== 'required') {
      this.#take(descriptor, document, undefined, notAContainer(mediaType));
      return;
    }
    const unfit = await this.#add(descriptor, document, undefined);
    if (unfit !== undefined && this.present.size === 0) {
      throw new VeritySignError('image', `the image cannot be signed: ${unfit}`);
    }
  }

  async #entry(entry: Descriptor, parents: readonly string[]): Promise<void> {
    const descriptor = plainDescriptor(entry);
    if (documentKind(entry.mediaType) === 'index') {
      // An index that was read already is read again only to tell that it contains itself.
      if (this.#seen.has(entry.digest) && !parents.includes(entry.digest)) return;
      this.#seen.add(entry.digest);
      return this.index(descriptor, parents);
    }
    // One manifest may be listed for several platforms: each counts as found.
    const other = notAnImage(entry);
    const reason = other ?? this.#foreign(entry.platform) ?? this.#unwanted(entry.platform);
    if (this.#seen.has(entry.digest)) return;
    if (reason !== undefined) {
      this.#skip(entry, reason, other === undefined);
      return;
    }
    this.#seen.add(entry.digest);
    const document = await this.#document(descriptor);
    if (document.kind !== 'manifest') throw new TypeError('not a manifest');
    const unfit = await this.#add(descriptor, document, entry.platform);
    if (unfit !== undefined) this.#skip(entry, unfit, isImageConfig(document.config.mediaType));
  }

  /** A manifest that is listed several times is reported once, by the entry that matters most. */
  #skip(descriptor: Descriptor, reason: string, isImage: boolean): void {
    const known = this.#skipped.get(descriptor.digest);
    const mayRun = mayBeRun(descriptor);
    const leftOut = known?.leftOut === true || (isImage && this.#wanted.size > 0);
    const entry = known === undefined || (mayRun && !known.mayRun) ? { descriptor, reason, mayRun } : known;
    this.#skipped.set(descriptor.digest, { ...entry, ...(leftOut ? { leftOut } : {}) });
  }

  /** What is neither taken nor an index, in the order of the index. */
  get skipped(): SkippedManifest[] {
    const taken = new Set(this.manifests.map(({ descriptor }) => descriptor.digest));
    return [...this.#skipped.values()].filter(({ descriptor }) => !taken.has(descriptor.digest));
  }

  /** Takes the manifest in, or says why not. */
  async #add(
    descriptor: Descriptor,
    manifest: ImageManifest,
    listed: Platform | undefined,
  ): Promise<string | undefined> {
    if (!isImageConfig(manifest.config.mediaType)) return notAContainer(manifest.config.mediaType);
    checkMetadataSize(manifest.config);
    const config = parseConfig(await this.#source.config(manifest.config));
    const platform = listed ?? config.platform;
    const foreign = [listed, config.platform].find((one) => one !== undefined && one.os !== 'linux');
    const unfit = this.#foreign(foreign) ?? this.#unwanted(platform);
    if (unfit !== undefined) return unfit;
    // A Linux node goes by the index: what that lists as Linux is not taken without its layers.
    if (foreign !== undefined && listed?.os === 'linux') return otherSystem(foreign);
    if (foreign !== undefined) this.#take(descriptor, manifest, platform, otherSystem(foreign));
    else if (this.#options.layers === 'none')
      this.#take(descriptor, manifest, platform, 'its layers were not asked for');
    else {
      const { allowSkip, unfitLayers } = this.#options;
      const found = imageLayers(manifest, config, allowSkip, unfitLayers);
      this.manifests.push({ descriptor, platform, config: manifest.config, ...found });
    }
    return undefined;
  }

  /** Takes a manifest in without its layers. */
  #take(
    { mediaType, digest, size }: Descriptor,
    { config }: ImageManifest,
    platform: Platform | undefined,
    layersLeftOut: string,
  ): void {
    const descriptor = { mediaType, digest, size };
    this.manifests.push({ descriptor, platform, config, layers: [], skippedLayers: [], layersLeftOut });
  }

  /** Why an image of this platform is not taken, if its system is not Linux. */
  #foreign(platform: Platform | undefined): string | undefined {
    if (platform === undefined || platform.os === 'linux') return undefined;
    const taken = this.#options.layers !== 'required' && !isForLinux(platform);
    return taken ? undefined : otherSystem(platform);
  }

  /** Notes the platform and says whether it was not asked for. Without a platform: to be seen later. */
  #unwanted(platform: Platform | undefined): string | undefined {
    if (platform === undefined) return undefined;
    const text = formatPlatform(platform);
    this.present.add(text);
    if (this.#wanted.has(text)) this.found.add(text);
    else if (this.#wanted.size > 0) return `platform ${text} was not asked for`;
    return undefined;
  }

  async #document(descriptor: Descriptor) {
    checkMetadataSize(descriptor);
    return parseDocument(await this.#source.manifest(descriptor), descriptor.mediaType);
  }
}

/** Why an entry of an index is no image that could be signed, as far as the entry itself tells. */
function notAnImage(entry: Descriptor): string | undefined {
  const reference = entry.annotations?.['vnd.docker.reference.type'];
  if (reference !== undefined) return `not an image (buildx ${reference})`;
  const { platform } = entry;
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') {
    return 'not an image (platform unknown/unknown)';
  }
  return documentKind(entry.mediaType) === 'other' ? `not an image (${entry.mediaType})` : undefined;
}

function notAContainer(configType: string): string {
  return `not a container image (config ${configType})`;
}

/**
 * Whether a Linux node might choose the entry: nodes go by its platform and look at no annotation, a
 * missing operating system is their own, and without a platform the config's counts.
 * [containerd core/images image.go, Manifest; containerd/platforms database.go]
 */
function mayBeRun({ platform, annotations }: Descriptor): boolean {
  if (platform === undefined) return annotations?.['vnd.docker.reference.type'] !== undefined;
  return isForLinux(platform);
}

function isForLinux(platform: Platform): boolean {
  return ['linux', ''].includes(normalizePlatform(platform).os);
}

function otherSystem(platform: Platform): string {
  const { os } = platform;
  return `${os === 'windows' ? 'Windows' : os} image: its layers are not Linux file systems`;
}
