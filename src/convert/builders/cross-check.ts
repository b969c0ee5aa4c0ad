import { VeritySignError } from '../../errors.ts';
import type { BuilderInfo, KnownClass, MkfsInfo } from '../../model/index.ts';
import type { Recipe } from '../erofs/recipe.ts';
import type { BuiltLayer, LayerBuilder, LayerBuildRequest } from './layer-builder.ts';
import { NativeLayerBuilder } from './native-layer-builder.ts';
import { storeReproducer } from './reproducer.ts';

/** What both builders came to, for the recipes that mkfs.erofs can follow. */
interface Both {
  own: PromiseSettledResult<BuiltLayer>;
  other: PromiseSettledResult<BuiltLayer>;
}

/** Makes every image of mkfs.erofs' class with both builders; what differs is an error. */
export class CrossChecker implements LayerBuilder {
  readonly needsDisk = true;
  readonly #kind: 'mkfs' | 'native';
  readonly #mkfs: LayerBuilder;
  readonly #native = new NativeLayerBuilder();
  readonly #mkfsInfo: Promise<MkfsInfo>;
  readonly #parent: string | undefined;

  /**
   * @param kind whose images are signed
   * @param parent folder for reproducers; default: the system's temporary folder
   */
  constructor(
    kind: 'mkfs' | 'native',
    mkfs: LayerBuilder,
    mkfsInfo: Promise<MkfsInfo>,
    parent: string | undefined,
  ) {
    this.#kind = kind;
    this.#mkfs = mkfs;
    this.#mkfsInfo = mkfsInfo;
    this.#parent = parent;
  }

  /** @param classes of the native builder */
  async info(classes: readonly KnownClass[]): Promise<BuilderInfo> {
    const mkfs = await this.#mkfsInfo;
    if (this.#kind === 'native') return { kind: 'native', classes, crossCheck: mkfs };
    return { ...mkfs, crossCheck: { kind: 'native', classes: [knownClass(mkfs)] } };
  }

  async make(request: LayerBuildRequest): Promise<BuiltLayer> {
    const mkfs = await this.#mkfsInfo;
    const of = knownClass(mkfs);
    const both = await this.#both(request, of);
    const what = differenceOf(both, request, of);
    if (what !== undefined) throw await this.#tell(what, request, mkfs, of);
    if (both.own.status === 'rejected') throw both.own.reason;
    return both.own.value;
  }

  async #both(request: LayerBuildRequest, of: KnownClass): Promise<Both> {
    const plain = checkable(request.recipes, of).map(({ class: _class, ...recipe }): Recipe => recipe);
    const classed = plain.map((recipe): Recipe => ({ ...recipe, class: of }));
    const quiet = { ...request, onProgress: () => undefined };
    const [own, other] = await Promise.allSettled(
      this.#kind === 'mkfs'
        ? [this.#mkfs.make(request), this.#native.make({ ...quiet, recipes: classed })]
        : [this.#native.make(request), this.#mkfs.make({ ...quiet, recipes: plain })],
    );
    request.signal.throwIfAborted();
    return { own, other } as Both;
  }

  async #tell(
    what: string,
    request: LayerBuildRequest,
    { version }: MkfsInfo,
    of: KnownClass,
  ): Promise<VeritySignError> {
    const recipes = checkable(request.recipes, of);
    const { path, names } = await storeReproducer(request, recipes, this.#parent, async (smaller) => {
      return differenceOf(await this.#both(smaller, of), smaller, of) !== undefined;
    });
    const where = names.length === 0 ? 'this layer' : names.map((name) => JSON.stringify(name)).join(', ');
    return new VeritySignError(
      'environment',
      `the native builder and mkfs.erofs ${version} disagree about ${where} (${what}); ${path} makes it again`,
      { remedy: 'Report it with that file, which has names and attributes of the layer but no contents' },
    );
  }
}

function knownClass({ class: of, version }: MkfsInfo): KnownClass {
  if (of !== 'unknown') return of;
  throw new VeritySignError('environment', `there is nothing to compare mkfs.erofs ${version} with`, {
    remedy: 'Leave cross-check out, or use a mkfs.erofs of a known class',
  });
}

/** Those that mkfs.erofs of this class can follow. */
function checkable(recipes: readonly Recipe[], of: KnownClass): Recipe[] {
  const found = recipes.filter((recipe) => recipe.class === undefined || recipe.class === of);
  if (found.length > 0) return found;
  throw new VeritySignError('environment', `mkfs.erofs is of class ${of}, which is not one to be built`, {
    remedy: 'Name a mkfs.erofs of the wanted class with mkfs-path, or leave cross-check out',
  });
}

/** Undefined if the builders agree, or both refuse the layer. Throws what has nothing to do with the layer. */
function differenceOf(
  { own, other }: Both,
  { recipes }: LayerBuildRequest,
  of: KnownClass,
): string | undefined {
  for (const result of [own, other]) {
    if (result.status !== 'rejected') continue;
    const { reason } = result;
    if (!(reason instanceof VeritySignError) || reason.code !== 'image') throw reason;
  }
  if (own.status === 'rejected' && other.status === 'rejected') return undefined;
  if (own.status === 'rejected') return `only one refuses it: ${messageOf(own)}`;
  if (other.status === 'rejected') return `only one refuses it: ${messageOf(other)}`;
  const checked = checkable(recipes, of);
  const theirs = other.value.images;
  for (const [position, recipe] of checked.entries()) {
    const mine = own.value.images[recipes.indexOf(recipe)]?.verity;
    const their = theirs[position]?.verity;
    if (mine?.rootHash === their?.rootHash && mine?.imageSize === their?.imageSize) continue;
    return `${recipe.profile}: root hashes ${mine?.rootHash} and ${their?.rootHash}`;
  }
  return undefined;
}

function messageOf({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? reason.message : String(reason);
}
