import { ofClasses, type Recipe, recipeOf } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import type { BuilderInfo } from '../../../model/index.ts';
import { KNOWN_CLASSES, PROFILE_NAMES } from '../../../model/profiles.ts';
import type { CommonOptions, VerifyOptions } from '../../shared/options.ts';
import { firstReason, type SignatureSet, type SignedLayer } from './evaluate-referrer.ts';
import { explainDifference } from './explain-mismatch.ts';
import type { Rebuilder, Rebuilt } from './rebuilder.ts';

/** Maximum number of sets that are recomputed: anyone who may push can write any number of records. */
const MAX_SETS = 12;

/** The sets of each platform manifest after recomputing, and what built the images. */
export interface Recomputed {
  sets: SignatureSet[][];
  /** Undefined if nothing was built. */
  builder?: BuilderInfo;
}

/**
 * The recipes by which a set's root hashes may have been computed: one if recorded, else one per profile,
 * and for the native builder one per class: the requested ones, else the recorded one, else each.
 */
function recipesOf({ recorded, profile }: SignatureSet, options: CommonOptions): Recipe[] {
  const mkfsOptions = recorded.mkfsOptions ?? options.mkfsOptions;
  const recipes = (profile === undefined ? PROFILE_NAMES : [profile]).map((name) =>
    recipeOf(name, mkfsOptions),
  );
  if (options.builder === 'mkfs') return recipes;
  const own = KNOWN_CLASSES.filter((of) => of === recorded.class);
  const classes = options.classes ?? (own.length > 0 ? own : KNOWN_CLASSES);
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}

/**
 * Rebuilds the layers' images, each once for all sets of all manifests, and compares root hashes. Sets
 * that failed before stay as they are, as do those of profiles that were not requested.
 * @param open called only if there is something to build
 */
export async function recompute(
  sets: readonly (readonly SignatureSet[])[],
  open: () => Promise<Rebuilder>,
  options: VerifyOptions,
): Promise<Recomputed> {
  const verified = sets.flat().filter(({ verdict }) => verdict === 'verified');
  const requested = verified.filter((set) => isRequested(set, options));
  // Sets with default options come first: the records of a stranger cannot displace the signer's own.
  requested.sort((a, b) => Number(hasUnusualOptions(a)) - Number(hasUnusualOptions(b)));
  const chosen = requested.slice(0, MAX_SETS);
  const rebuilder = chosen.length === 0 ? undefined : await openOrReport(open);
  const results = new Map<SignatureSet, SignatureSet>();
  for (const set of verified) results.set(set, notRequested(set));
  for (const set of requested) results.set(set, notBuilt(set, tooMany(requested.length)));
  if (rebuilder instanceof VeritySignError) {
    for (const set of chosen) results.set(set, notBuilt(set, withRemedy(rebuilder)));
  } else if (rebuilder !== undefined) {
    await rebuilder.build(
      chosen.flatMap((set) =>
        recipesOf(set, options).flatMap((recipe) => set.layers.map(({ layer }) => ({ layer, recipe }))),
      ),
    );
    for (const set of chosen) results.set(set, await compare(set, options, rebuilder));
  }
  const recomputed = sets.map((ofManifest) => ofManifest.map((set) => results.get(set) ?? set));
  return rebuilder === undefined || rebuilder instanceof VeritySignError
    ? { sets: recomputed }
    : { sets: recomputed, builder: rebuilder.info };
}

/** In strict mode every set must hold, also those for other profiles. */
function isRequested({ profile }: SignatureSet, { strict, profiles }: VerifyOptions): boolean {
  return strict || profile === undefined || profiles.includes(profile);
}

function hasUnusualOptions({ profile = 'containerd', recorded }: SignatureSet): boolean {
  const { mkfsOptions } = recorded;
  return mkfsOptions !== undefined && mkfsOptions.join(' ') !== recipeOf(profile).mkfsOptions.join(' ');
}

/** A machine that can build nothing can still report on signatures. */
async function openOrReport(open: () => Promise<Rebuilder>): Promise<Rebuilder | VeritySignError> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VeritySignError && error.code === 'environment') return error;
    throw error;
  }
}

function notRequested(set: SignatureSet): SignatureSet {
  return { ...set, notes: [...set.notes, 'not recomputed: its profile was not requested'] };
}

function notBuilt(set: SignatureSet, reason: string): SignatureSet {
  return { ...set, step: 'recompute', verdict: 'unchecked', reason };
}

function tooMany(count: number): string {
  return `not recomputed: there are ${count} sets of signatures, at most ${MAX_SETS} are recomputed`;
}

async function compare(
  set: SignatureSet,
  options: CommonOptions,
  rebuilder: Rebuilder,
): Promise<SignatureSet> {
  const recipes = recipesOf(set, options);
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe)),
  }));
  const matches = ({ results }: { results: Rebuilt[] }): number =>
    results.filter((result, index) => 'rootHash' in result && result.rootHash === set.layers[index]?.rootHash)
      .length;
  const [best] = outcomes.toSorted((a, b) => matches(b) - matches(a));
  if (best === undefined) throw new TypeError('a set has no recipe');
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared: SignatureSet = { ...set, step: 'recompute', layers };
  if (matches(best) === set.layers.length) return { ...compared, profile: best.recipe.profile };
  const failed = firstReason(layers, 'unchecked');
  if (failed !== undefined && layers.every(({ verdict }) => verdict !== 'invalid')) {
    return { ...compared, verdict: 'unchecked', reason: failed };
  }
  if (options.builder === 'native' && set.recorded.class === 'unknown') return unknownClass(compared);
  // A set without a record counts for every requested profile unless some layer matches one.
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  compared.layers = await explainDifference(layers, recipes, set.recorded, rebuilder);
  return { ...compared, verdict: 'invalid', reason: firstReason(compared.layers, 'invalid') };
}

function compareLayer(layer: SignedLayer, result: Rebuilt | undefined): SignedLayer {
  if (result === undefined) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ('error' in result) {
    const { code, message } = result.error;
    // `usage`: mkfs.erofs does not take the options that were recorded.
    if (code === 'image' || code === 'usage') return { ...layer, verdict: 'invalid', reason: message };
    return { ...layer, verdict: 'unchecked', reason: withRemedy(result.error) };
  }
  const { rootHash: recomputed, sharedFrom } = result;
  const built = { ...layer, recomputed, ...(sharedFrom === undefined ? {} : { sharedFrom }) };
  if (recomputed === layer.rootHash) return built;
  return { ...built, verdict: 'invalid', reason: `the signed root hash is not the layer's` };
}

/** The native builder creates no images of an unknown class, so a difference does not prove anything. */
function unknownClass(set: SignatureSet): SignatureSet {
  const reason =
    'signed with a mkfs.erofs of an unknown class, which the native builder cannot reproduce. Set builder to mkfs and erofs-utils-version to any, with that mkfs.erofs';
  const layers = set.layers.map(
    (layer): SignedLayer =>
      layer.verdict === 'invalid' ? { ...layer, verdict: 'unchecked', reason } : layer,
  );
  return { ...set, layers, verdict: 'unchecked', reason };
}

/** What happened and what to do, without the image and layer, which the report names. */
function withRemedy({ message, remedy }: VeritySignError): string {
  return remedy === undefined ? message : `${message}. ${remedy}`;
}
