import { layerKey } from '../../../convert/conversion-cache.ts';
import { type Recipe, recipeKey } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import type { BuilderInfo, ImageLayer } from '../../../model/index.ts';
import { isKnownClass, type RecordedClass } from '../../../model/profiles.ts';
import type { VerifyOptions } from '../../shared/options.ts';
import { type ChosenRecipes, chooseRecipes, MAX_RECIPES } from './choose-recipes.ts';
import { firstReason, type SignatureSet, type SignedLayer } from './evaluate-referrer.ts';
import { explainDifference } from './explain-mismatch.ts';
import type { Rebuilder, Rebuilt } from './rebuilder.ts';

/**
 * Maximum number of sets whose differences are explained: each may cost further builds, and anyone who
 * may push can attach any number of sets that differ.
 */
const MAX_EXPLAINED = 8;

/** The sets of each platform manifest after recomputing, and what built the images. */
export interface Recomputed {
  sets: SignatureSet[][];
  /** Undefined if nothing was built. */
  builder?: BuilderInfo;
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
  // One limit for both rounds.
  const all = chooseRecipes(requested, options);
  const doubles = requested.filter((set) => recordedTwin(set, requested) !== undefined);
  const rebuilder = requested.length === 0 ? undefined : await openOrReport(open);
  const results = new Map<SignatureSet, SignatureSet>();
  for (const set of verified) results.set(set, notRequested(set));
  if (rebuilder instanceof VeritySignError) {
    for (const set of requested) results.set(set, notBuilt(set, withRemedy(rebuilder)));
  } else if (rebuilder !== undefined) {
    let explained = 0;
    const rebuild = async (some: readonly SignatureSet[], on: Rebuilder): Promise<void> => {
      const chosen = new Map([...all].filter(([set]) => some.includes(set)));
      await on.build(sets.flatMap((ofManifest) => imagesOf(ofManifest, chosen)));
      for (const [set, recipes] of chosen) {
        const compared = compare(set, recipes, on, options);
        const explains = compared.verdict === 'invalid' && explained++ < MAX_EXPLAINED;
        results.set(set, explains ? await explain(compared, recipes, on) : compared);
      }
    };
    await rebuild(
      requested.filter((set) => !doubles.includes(set)),
      rebuilder,
    );
    const open: SignatureSet[] = [];
    for (const set of doubles) {
      const twin = recordedTwin(set, requested);
      const result = twin && results.get(twin);
      if (result?.verdict === 'verified') results.set(set, asTwin(set, result));
      else open.push(set);
    }
    if (open.length > 0) await rebuild(open, rebuilder);
  }
  const recomputed = sets.map((ofManifest) => ofManifest.map((set) => results.get(set) ?? set));
  const built = sets.flat().some(({ layers }) => layers.some(({ layer }) => layer.format === 'tar'));
  return rebuilder === undefined || rebuilder instanceof VeritySignError || !built
    ? { sets: recomputed }
    : { sets: recomputed, builder: rebuilder.info };
}

/**
 * Another set with the same root hashes for the same layers that records its profile: a set that records none
 * need not be built by every recipe if that one is right.
 */
function recordedTwin(set: SignatureSet, others: readonly SignatureSet[]): SignatureSet | undefined {
  if (set.profile !== undefined) return undefined;
  return others.find(
    ({ profile, layers }) =>
      profile !== undefined &&
      layers.length === set.layers.length &&
      layers.every(({ layer, rootHash }, index) => {
        const own = set.layers[index];
        return own?.rootHash === rootHash && layerKey(own.layer) === layerKey(layer);
      }),
  );
}

/** The set with what was built for its twin. */
function asTwin(set: SignatureSet, twin: SignatureSet): SignatureSet {
  const layers = set.layers.map((layer, index): SignedLayer => {
    const { recomputed, sharedFrom } = twin.layers[index] ?? {};
    return { ...layer, recomputed, ...(sharedFrom === undefined ? {} : { sharedFrom }) };
  });
  const { profile, classes } = twin;
  return { ...set, step: 'recompute', layers, profile, ...(classes === undefined ? {} : { classes }) };
}

/** The images to build for the sets of one manifest: each of its layers by each recipe, once. */
function imagesOf(
  sets: readonly SignatureSet[],
  chosen: ReadonlyMap<SignatureSet, ChosenRecipes>,
): { layer: ImageLayer; recipe: Recipe }[] {
  const recipes = new Map(
    sets.flatMap((set) => (chosen.get(set)?.recipes ?? []).map((recipe) => [recipeKey(recipe), recipe])),
  );
  const layers = sets.find((set) => chosen.has(set))?.layers ?? [];
  return layers.flatMap(({ layer }) => [...recipes.values()].map((recipe) => ({ layer, recipe })));
}

/** In strict mode every set must hold, also those for other profiles. */
function isRequested({ profile }: SignatureSet, { strict, profiles }: VerifyOptions): boolean {
  return strict || profile === undefined || profiles.includes(profile);
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

/** Compares a set with the images that were built. Pure. */
function compare(
  set: SignatureSet,
  { recipes, tooMany }: ChosenRecipes,
  rebuilder: Rebuilder,
  options: VerifyOptions,
): SignatureSet {
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe)),
  }));
  const matches = ({ results }: { results: Rebuilt[] }): number =>
    results.filter((result, index) => 'rootHash' in result && result.rootHash === set.layers[index]?.rootHash)
      .length;
  const [best] = outcomes.toSorted((a, b) => matches(b) - matches(a));
  const complete = best !== undefined && matches(best) === set.layers.length;
  if (best === undefined || (!complete && tooMany !== undefined)) {
    const limit = `at most ${MAX_RECIPES} are built, those with default options first`;
    return notBuilt(set, `not recomputed: the signatures record ${tooMany} recipes, ${limit}`);
  }
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared: SignatureSet = { ...set, step: 'recompute', layers };
  if (complete) {
    const { profile } = best.recipe;
    const equal = outcomes.filter((one) => one.recipe.profile === profile && matches(one) === layers.length);
    const classes = equal.flatMap(({ recipe }) => recipe.class ?? rebuilder.mkfsClass ?? []);
    return { ...compared, profile, classes };
  }
  const failed = firstReason(layers, 'unchecked');
  if (failed !== undefined && layers.every(({ verdict }) => verdict !== 'invalid')) {
    return { ...compared, verdict: 'unchecked', reason: failed };
  }
  const reproducible =
    set.recorded.class === undefined || isReproducible(set.recorded.class, options, rebuilder);
  if (!reproducible) return irreproducible(compared, set.recorded.class);
  // A set without a record counts for every requested profile unless some layer matches one.
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  return { ...compared, verdict: 'invalid', reason: firstReason(layers, 'invalid') };
}

/** Adds to each layer that differs why that may be. */
async function explain(
  set: SignatureSet,
  { recipes }: ChosenRecipes,
  rebuilder: Rebuilder,
): Promise<SignatureSet> {
  const layers = await explainDifference(set.layers, recipes, set.recorded, rebuilder);
  return { ...set, layers, reason: firstReason(layers, 'invalid') };
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

/** Whether this run may create images of the recorded class. If it cannot, a difference does not prove anything. */
function isReproducible(of: RecordedClass, { builder }: VerifyOptions, { mkfsClass }: Rebuilder): boolean {
  if (isKnownClass(of)) return true;
  // A mkfs.erofs of no known class may be the one of the signer.
  return builder === 'mkfs' && (of === 'unknown' || mkfsClass === 'unknown');
}

function irreproducible(set: SignatureSet, of: RecordedClass | undefined): SignatureSet {
  const reason =
    of === 'unknown'
      ? 'signed with a mkfs.erofs of an unknown class, which the native builder cannot reproduce. Set builder to mkfs and erofs-utils-version to any, with that mkfs.erofs'
      : `made with class ${of} of erofs-utils, which this version of verity-sign does not know; a later release may. Update verity-sign, or set builder to mkfs and erofs-utils-version to any, with mkfs.erofs ${of}`;
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
