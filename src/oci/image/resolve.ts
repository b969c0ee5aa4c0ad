import { VeritySignError } from '../../errors.ts';
import { plainDescriptor } from '../../formats/descriptor.ts';
import { checkMetadataSize, MAX_METADATA_SIZE } from '../../formats/metadata.ts';
import type {
  Descriptor,
  Platform,
  PlatformManifest,
  ResolvedImage,
  SkippedManifest,
} from '../../model/index.ts';
import { EMPTY_CONFIG_DIGEST } from '../../model/media-types.ts';
import { type ImageConfig, type ImageManifest, parseConfig, parseDocument } from '../documents.ts';
import { indexEntries } from '../index-entries.ts';
import { documentKind, isImageConfig } from '../media-types.ts';
import { WorkCounter } from '../work-limit.ts';
import { imageLayers } from './layers.ts';
import { formatPlatform, isForLinux, parsePlatform, platformNames } from './platform.ts';
import { entryKind, namesLinuxPlatform, notAContainer, notAnImage, otherSystem } from './skip-reasons.ts';
import type { ImageSource } from './source.ts';

/** An index has an entry or two for each platform. */
const LIMIT = { documents: 2000, bytes: 64 * 1024 * 1024 };

const OTHER_IMAGES =
  'Only layers of Linux images can be signed; for other images set layers to auto and use manifest-signature';

export interface ResolveOptions {
  /** Platforms such as `linux/arm64/v8`; empty for every platform. */
  platforms: readonly string[];
  /** Whether the image must have each of them (default), or one. */
  platformsMode?: 'each' | 'any';
  /** What to do if the image lacks one of them. Default: to name others. */
  missingRemedy?: string;
  /** Media types, or `nondistributable`, of layers that may stay unsigned. */
  allowSkip: readonly string[];
  /**
   * `required` (default): only images whose layers can be signed. `auto`: images of other systems as
   * well, without layers. `none`: every manifest, without layers.
   */
  layers?: 'required' | 'auto' | 'none';
  /**
   * How to treat an image with a layer that cannot be signed and may not be skipped: refuse it
   * (default), or include it without its layers. Only signers may do the latter: a Linux node may run
   * such an image.
   */
  unsignableLayers?: 'refuse' | 'exclude';
}

/**
 * Pins the image to the current digest of its tag, and finds the platform manifests under it.
 *
 * An index yields one manifest for each distinct Linux image in it, in its order. Buildx attestations,
 * images of other systems, artifacts and excluded platforms are reported as skipped. Unless layers are
 * required, images of other systems are included too, and so is an artifact that the reference itself
 * names: `layersLeftOut` is the reason why they have no layers here.
 *
 * @throws VeritySignError 'image' for damaged or unsuitable images, 'usage' for a missing platform
 */
export async function resolveImage(source: ImageSource, options: ResolveOptions): Promise<ResolvedImage> {
  const { platforms, allowSkip, layers = 'required', unsignableLayers = 'refuse' } = options;
  const parsed = platforms.map(parsePlatform);
  const wanted = new Set(parsed.map(formatPlatform));
  const other = layers === 'required' ? parsed.find((platform) => !isForLinux(platform)) : undefined;
  if (other !== undefined) {
    throw new VeritySignError(
      'usage',
      `platform ${formatPlatform(other)} has no Linux file systems, and only those can be signed as layers`,
      {
        remedy: 'Set platform to Linux platforms only, or set layers to auto',
      },
    );
  }
  const root = plainDescriptor(await source.resolve());
  const walk = new Walk(source, wanted, { allowSkip, layers, unsignableLayers });
  if (documentKind(root.mediaType) === 'index') await walk.index(root);
  else await walk.rootManifest(root);
  const enough = options.platformsMode === 'any' && walk.found.size > 0;
  const missing = enough ? [] : [...wanted].filter((platform) => !walk.found.has(platform));
  if (missing.length > 0) {
    const present = walk.present.size === 0 ? 'none' : [...walk.present].join(', ');
    throw new VeritySignError('usage', `the image has no platform ${missing.join(', ')}; it has ${present}`, {
      remedy:
        options.missingRemedy ?? 'Set platform to one that the image has, or omit it for every platform',
    });
  }
  if (walk.manifests.length === 0) {
    const reasons = walk.skipped.map(({ reason }) => reason);
    const why = reasons.length === 0 ? '' : ` (${[...new Set(reasons)].join('; ')})`;
    const what = layers === 'required' ? 'Linux image' : 'image';
    const remedy = layers === 'required' ? { remedy: OTHER_IMAGES } : {};
    throw new VeritySignError('image', `the index contains no ${what}${why}`, remedy);
  }
  return { name: `${source.name}@${root.digest}`, root, manifests: walk.manifests, skipped: walk.skipped };
}

class Walk {
  readonly manifests: PlatformManifest[] = [];
  /** Wanted platforms that were found. */
  readonly found = new Set<string>();
  /** All platforms of Linux images, wanted or not. */
  readonly present = new Set<string>();
  readonly #skipped = new Map<string, SkippedManifest>();
  /** By digest and size: many manifests may name one config. */
  readonly #configs = new Map<string, ImageConfig>();
  readonly #work = new WorkCounter('the image', LIMIT);
  readonly #source: ImageSource;
  readonly #wanted: ReadonlySet<string>;
  readonly #options: Required<Omit<ResolveOptions, 'platforms' | 'platformsMode' | 'missingRemedy'>>;

  constructor(
    source: ImageSource,
    wanted: ReadonlySet<string>,
    options: Required<Omit<ResolveOptions, 'platforms' | 'platformsMode' | 'missingRemedy'>>,
  ) {
    this.#source = source;
    this.#wanted = wanted;
    this.#options = options;
  }

  async index(descriptor: Descriptor): Promise<void> {
    // All entries are known before one is judged.
    const all = await indexEntries(descriptor, async (index) => {
      const document = await this.#document(index);
      if (document.kind !== 'index') throw new TypeError('not an index');
      return document;
    });
    for (const entries of all) await this.#manifest(entries);
  }

  /** The user named one manifest: if it cannot be signed, that is an error. */
  async rootManifest(descriptor: Descriptor): Promise<void> {
    const document = await this.#document(descriptor);
    if (document.kind !== 'manifest') throw new TypeError('not a manifest');
    const { mediaType } = document.config;
    let reason: string | undefined = notAContainer(mediaType);
    if (isImageConfig(mediaType)) reason = await this.#add(descriptor, document, false);
    else if (this.#options.layers !== 'required') {
      this.#includeWithoutLayers(descriptor, document, undefined, reason);
      return;
    }
    if (reason !== undefined && this.present.size === 0) {
      throw new VeritySignError('image', `the image cannot be signed: ${reason}`, { remedy: OTHER_IMAGES });
    }
  }

  /**
   * Includes or skips a manifest by all entries that name it. Their order does not matter: each may be the one
   * by which a node chooses the manifest.
   */
  async #manifest(entries: readonly Descriptor[]): Promise<void> {
    const eligible: Descriptor[] = [];
    for (const entry of entries) {
      // One manifest may be listed for several platforms: each counts as found.
      const reason = notAnImage(entry) ?? this.#foreign(entry.platform) ?? this.#unwanted(entry.platform);
      if (reason === undefined) eligible.push(entry);
      else this.#skip(entry, reason);
    }
    const [first] = eligible;
    if (first === undefined) return;
    const document = await this.#document(plainDescriptor(first));
    if (document.kind !== 'manifest') throw new TypeError('not a manifest');
    const { config } = document;
    if (!isImageConfig(config.mediaType)) {
      const byConfig = await this.#mayRunByConfig(config);
      for (const entry of eligible) this.#skip(entry, notAContainer(config.mediaType), config, byConfig);
      return;
    }
    // Where the index names no platform, a node goes by that of the config, and without one by its own.
    const { platform } = await this.#config(config);
    const runByLinux = entries.some((entry) => isForLinux(entry.platform ?? platform ?? { os: '' }));
    for (const entry of eligible) {
      const reason = await this.#add(entry, document, runByLinux);
      if (reason === undefined) return;
      this.#skip(platform === undefined ? entry : { platform, ...entry }, reason, config);
    }
  }

  /** Whether a node that reads the config of an artifact may take it for that of a Linux image. */
  async #mayRunByConfig(config: Descriptor): Promise<boolean> {
    if (config.digest === EMPTY_CONFIG_DIGEST) return false;
    // Nodes have no such limit: what is too large to be read here is not known to be harmless.
    if (config.size > MAX_METADATA_SIZE) return true;
    this.#work.take(config);
    try {
      return namesLinuxPlatform(await this.#source.config(config));
    } catch (error) {
      // A node cannot read a missing or damaged config either.
      if (error instanceof VeritySignError && error.code === 'image') return false;
      throw error;
    }
  }

  /**
   * Reports a manifest once, even if it is listed several times: by an entry that a node might run. An entry
   * without a platform comes with that of the config.
   */
  #skip(descriptor: Descriptor, reason: string, config?: Descriptor, byConfig = false): void {
    const known = this.#skipped.get(descriptor.digest);
    const { mayRun, isImage, isArtifact } = entryKind(
      descriptor,
      config,
      byConfig && descriptor.platform === undefined,
    );
    const leftOut = known?.leftOut === true || (!isArtifact && this.#wanted.size > 0);
    const counts = known === undefined || (mayRun && !known.mayRun) || (isImage && !known.isImage);
    const entry = counts ? { descriptor, reason, mayRun, isImage } : known;
    this.#skipped.set(descriptor.digest, { ...entry, ...(leftOut ? { leftOut } : {}) });
  }

  /** Entries that are neither included nor indexes, in the order of the index. */
  get skipped(): SkippedManifest[] {
    const included = new Set(this.manifests.map(({ descriptor }) => descriptor.digest));
    return [...this.#skipped.values()].filter(({ descriptor }) => !included.has(descriptor.digest));
  }

  /**
   * Includes an image, or returns the reason why not.
   * @param runByLinux whether a Linux node may choose it, by this entry or by another one
   */
  async #add(entry: Descriptor, manifest: ImageManifest, runByLinux: boolean): Promise<string | undefined> {
    const config = await this.#config(manifest.config);
    const platform = entry.platform ?? config.platform;
    const foreign = [platform, config.platform].find((one) => one && otherSystem(one) !== undefined);
    const reason = this.#foreign(foreign) ?? this.#unwanted(platform);
    if (reason !== undefined) return reason;
    const system = foreign && otherSystem(foreign);
    // A Linux node trusts the index: what it may run is never included without its layers.
    if (system !== undefined && runByLinux) return system;
    if (system !== undefined) this.#includeWithoutLayers(entry, manifest, platform, system);
    else if (this.#options.layers === 'none')
      this.#includeWithoutLayers(entry, manifest, platform, 'its layers were not requested');
    else {
      const { allowSkip, unsignableLayers } = this.#options;
      const found = imageLayers(manifest, config, allowSkip, unsignableLayers);
      const descriptor = plainDescriptor(entry);
      this.manifests.push({ descriptor, platform, config: manifest.config, ...found });
    }
    return undefined;
  }

  /** Includes a manifest without its layers. */
  #includeWithoutLayers(
    entry: Descriptor,
    { config }: ImageManifest,
    platform: Platform | undefined,
    layersLeftOut: string,
  ): void {
    const descriptor = plainDescriptor(entry);
    this.manifests.push({ descriptor, platform, config, layers: [], skippedLayers: [], layersLeftOut });
  }

  /** The reason to skip an image of this platform, if its system is not Linux and it is not included. */
  #foreign(platform: Platform | undefined): string | undefined {
    if (platform === undefined) return undefined;
    const included = this.#options.layers !== 'required' && !isForLinux(platform);
    return included ? undefined : otherSystem(platform);
  }

  /** Records the platform. Returns the reason to skip it; without a platform the config decides later. */
  #unwanted(platform: Platform | undefined): string | undefined {
    if (platform === undefined) return undefined;
    const text = formatPlatform(platform);
    this.present.add(text);
    const wanted = platformNames(platform).filter((name) => this.#wanted.has(name));
    for (const name of wanted) this.found.add(name);
    return wanted.length > 0 || this.#wanted.size === 0 ? undefined : `platform ${text} was not requested`;
  }

  async #config(descriptor: Descriptor): Promise<ImageConfig> {
    checkMetadataSize(descriptor);
    const key = `${descriptor.digest} ${descriptor.size}`;
    const known = this.#configs.get(key);
    if (known !== undefined) return known;
    this.#work.take(descriptor);
    const config = parseConfig(await this.#source.config(descriptor));
    this.#configs.set(key, config);
    return config;
  }

  async #document(descriptor: Descriptor) {
    checkMetadataSize(descriptor);
    this.#work.take(descriptor);
    return parseDocument(await this.#source.manifest(descriptor), descriptor.mediaType);
  }
}
