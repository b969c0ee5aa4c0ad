import { VeritySignError } from '../../errors.ts';
import type { BuilderInfo, BuilderKind, KnownClass, MkfsInfo } from '../../model/index.ts';
import type { Recipe } from '../erofs/recipe.ts';
import type { BuiltLayer, LayerBuilder, LayerBuildRequest } from './layer-builder.ts';
import { NativeLayerBuilder } from './native-layer-builder.ts';
import { storeReproducer } from './reproducer.ts';

/** The results of both builders, for the recipes that mkfs.erofs supports. */
interface Both {
  own: PromiseSettledResult<BuiltLayer>;
  other: PromiseSettledResult<BuiltLayer>;
}

/** Builds every image of mkfs.erofs' class with both builders; a difference is an error. */
export class CrossChecker implements LayerBuilder {
  readonly needsDisk = true;
  readonly #kind: BuilderKind;
  readonly #mkfs: LayerBuilder;
  readonly #native = new NativeLayerBuilder();
  readonly #mkfsInfo: Promise<MkfsInfo>;
  readonly #parent: string | undefined;

  /**
   * @param kind the builder whose images are signed
   * @param parent folder for reproducers; default: the system's temporary folder
   */
  constructor(
    kind: BuilderKind,
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
    if (this.#kind === 'native') return { kind: 'native', classes: [...classes], crossCheck: mkfs };
    return { ...mkfs, crossCheck: { kind: 'native', classes: [knownClass(mkfs)] } };
  }

  async build(request: LayerBuildRequest): Promise<BuiltLayer> {
    const mkfs = await this.#mkfsInfo;
    const of = knownClass(mkfs);
    const both = await this.#both(request, of);
    const difference = differenceOf(both, request, of);
    if (difference !== undefined) throw await this.#differenceError(difference, request, mkfs, of);
    if (both.own.status === 'rejected') throw both.own.reason;
    return both.own.value;
  }

  async #both(request: LayerBuildRequest, of: KnownClass): Promise<Both> {
    const plain = checkable(request.recipes, of).map(({ class: _class, ...recipe }): Recipe => recipe);
    const classed = plain.map((recipe): Recipe => ({ ...recipe, class: of }));
    const quiet = { ...withoutFile(request), onProgress: () => undefined };
    const [own, other] = await Promise.allSettled(
      this.#kind === 'mkfs'
        ? [this.#mkfs.build(request), this.#native.build({ ...quiet, recipes: classed })]
        : [this.#native.build(request), this.#mkfs.build({ ...quiet, recipes: plain })],
    );
    request.signal.throwIfAborted();
    return { own, other } as Both;
  }

  async #differenceError(
    difference: string,
    request: LayerBuildRequest,
    { version }: MkfsInfo,
    of: KnownClass,
  ): Promise<VeritySignError> {
    const recipes = checkable(request.recipes, of);
    const { path, names } = await storeReproducer(
      withoutFile(request),
      recipes,
      this.#parent,
      async (smaller) => {
        return differenceOf(await this.#both(smaller, of), smaller, of) !== undefined;
      },
    );
    const where = names.length === 0 ? 'this layer' : names.map((name) => JSON.stringify(name)).join(', ');
    return new VeritySignError(
      'environment',
      `the native builder and mkfs.erofs ${version} produce different images for ${where} (${difference}); reproducer: ${path}`,
      { remedy: 'Report it with that file, which has names and attributes of the layer but no contents' },
    );
  }
}

/** One builder writes the file. */
function withoutFile({ imageFile: _imageFile, ...request }: LayerBuildRequest): LayerBuildRequest {
  return request;
}

function knownClass({ class: of, version }: MkfsInfo): KnownClass {
  if (of !== 'unknown') return of;
  throw new VeritySignError('environment', `cross-check: mkfs.erofs ${version} is of no known class`, {
    remedy: 'Use a mkfs.erofs of a known class, or omit cross-check',
  });
}

/**
 * The recipes that mkfs.erofs of this class supports.
 * @throws VeritySignError 'environment' if there are none
 */
function checkable(recipes: readonly Recipe[], of: KnownClass): Recipe[] {
  const found = recipes.filter((recipe) => recipe.class === undefined || recipe.class === of);
  if (found.length > 0) return found;
  throw new VeritySignError('environment', `cross-check: mkfs.erofs is of class ${of}, which is not built`, {
    remedy: 'Set mkfs-path to a mkfs.erofs of a class that is built, or omit cross-check',
  });
}

/** Undefined if the images are the same, or both builders refuse the layer. Throws errors that are not about it. */
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
  if (own.status === 'rejected') return `only one of them refuses it: ${messageOf(own)}`;
  if (other.status === 'rejected') return `only one of them refuses it: ${messageOf(other)}`;
  const checked = checkable(recipes, of);
  for (const [position, recipe] of checked.entries()) {
    const left = own.value.images[recipes.indexOf(recipe)]?.verity;
    const right = other.value.images[position]?.verity;
    if (left?.rootHash === right?.rootHash && left?.imageSize === right?.imageSize) continue;
    return `${recipe.profile}: root hashes ${left?.rootHash} and ${right?.rootHash}`;
  }
  return undefined;
}

function messageOf({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? reason.message : String(reason);
}
