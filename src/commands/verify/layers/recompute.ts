import { ofClasses, type Recipe, recipeOf } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import { KNOWN_CLASSES, PROFILE_NAMES } from '../../../model/profiles.ts';
import type { CommonOptions } from '../../shared/options.ts';
import { explainDifference } from './explain-mismatch.ts';
import { firstReason, type SignatureSet, type SignedLayer } from './judge-referrer.ts';
import type { Rebuilder, Rebuilt } from './rebuilder.ts';

/** Sets with different records that are built for; whoever may push can write any number of records. */
const MOST_SETS = 12;

/**
 * The ways in which a set's root hashes may have come about: one if recorded, else one per profile, and
 * for the native builder one per class: as asked for, else as recorded, else each.
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
 * Builds the layers' images anew, each once for all sets, and compares root hashes. Sets that failed
 * before are left as they are, as are those that `wanted` leaves out.
 */
export async function recompute(
  sets: readonly SignatureSet[],
  wanted: (set: SignatureSet) => boolean,
  open: () => Promise<Rebuilder>,
  options: CommonOptions,
): Promise<SignatureSet[]> {
  const chosen = sets.filter((set) => set.verdict === 'verified' && wanted(set));
  // Sets by the default options first: a stranger's records cannot push the signer's own out.
  chosen.sort((a, b) => Number(hasOddOptions(a)) - Number(hasOddOptions(b)));
  const within = new Set(chosen.slice(0, MOST_SETS));
  const others = sets.map((set) =>
    set.verdict === 'verified' && !chosen.includes(set) ? notAsked(set) : set,
  );
  if (within.size === 0) return others;
  const rebuilder = await orUnable(open);
  if (rebuilder instanceof VeritySignError) {
    return others.map((set) => (within.has(set) ? notBuilt(set, rebuilder.message) : set));
  }
  const requests = [...within].flatMap((set) =>
    recipesOf(set, options).flatMap((recipe) => set.layers.map(({ layer }) => ({ layer, recipe }))),
  );
  await rebuilder.build(requests);
  const compared: SignatureSet[] = [];
  for (const [index, set] of sets.entries()) {
    if (within.has(set)) compared.push(await compare(set, recipesOf(set, options), rebuilder));
    else if (chosen.includes(set)) compared.push(notBuilt(set, tooMany(chosen.length)));
    else compared.push(others[index] ?? set);
  }
  return compared;
}

function hasOddOptions({ profile = 'containerd', recorded }: SignatureSet): boolean {
  const { mkfsOptions } = recorded;
  return mkfsOptions !== undefined && mkfsOptions.join(' ') !== recipeOf(profile).mkfsOptions.join(' ');
}

/** A machine that can build nothing still has signatures to tell about. */
async function orUnable(open: () => Promise<Rebuilder>): Promise<Rebuilder | VeritySignError> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VeritySignError && error.code === 'environment') return error;
    throw error;
  }
}

function notAsked(set: SignatureSet): SignatureSet {
  return { ...set, notes: [...set.notes, 'not recomputed: its profile was not asked for'] };
}

function notBuilt(set: SignatureSet, reason: string): SignatureSet {
  return { ...set, step: 'recompute', verdict: 'unchecked', reason };
}

function tooMany(count: number): string {
  return `not built: there are ${count} sets of signatures, at most ${MOST_SETS} are built`;
}

async function compare(
  set: SignatureSet,
  recipes: readonly Recipe[],
  rebuilder: Rebuilder,
): Promise<SignatureSet> {
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
  // A set without a record stays one for whatever profile is asked for unless some layer speaks for one.
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  compared.layers = await explainDifference(layers, recipes, set.recorded, rebuilder);
  return { ...compared, verdict: 'invalid', reason: firstReason(compared.layers, 'invalid') };
}

function compareLayer(layer: SignedLayer, result: Rebuilt | undefined): SignedLayer {
  if (result === undefined) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ('error' in result) {
    const { code, message } = result.error;
    // `usage`: mkfs.erofs does not take the options that were recorded.
    return {
      ...layer,
      verdict: code === 'image' || code === 'usage' ? 'invalid' : 'unchecked',
      reason: message,
    };
  }
  const { rootHash: recomputed, sharedFrom } = result;
  const built = { ...layer, recomputed, ...(sharedFrom === undefined ? {} : { sharedFrom }) };
  if (recomputed === layer.rootHash) return built;
  return { ...built, verdict: 'invalid', reason: `the signed root hash is not the layer's` };
}
