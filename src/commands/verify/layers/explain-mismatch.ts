import { openLayerTar } from '../../../convert/blob/layer-tar.ts';
import { type TarTraits, TarTraitsObserver } from '../../../convert/blob/tar-traits.ts';
import { PROFILES } from '../../../convert/erofs/profile.ts';
import { nativelyKnown, ofClasses, type Recipe, recipeKey, recipeOf } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import type { ImageLayer } from '../../../model/index.ts';
import { KNOWN_CLASSES } from '../../../model/profiles.ts';
import type { Recorded } from '../../shared/check-manifest.ts';
import type { SignedLayer } from './evaluate-referrer.ts';
import type { Rebuilder } from './rebuilder.ts';

/** Maximum number of layers for which every other recipe is tried; other layers get only those found for these. */
const MAX_SEARCHED = 2;

/** Options that nodes and people use. */
const COMMON_OPTIONS = [
  ['-T0', '--mkfs-time', '--sort=none'],
  ['-T0', '--mkfs-time'],
  ['-T0', '--sort=none'],
  ['-T0'],
];

/**
 * Says of each layer whose root hash is not the signed one why that may be: the signature of another
 * layer, a class of mkfs.erofs that writes this layer differently, another profile, UUID source, tar
 * index mode or other options (each tried by building), else that the bytes differ.
 * @param recipes what the images were built by.
 */
export async function explainDifference(
  layers: readonly SignedLayer[],
  recipes: readonly Recipe[],
  recorded: Recorded,
  rebuilder: Rebuilder,
): Promise<SignedLayer[]> {
  const different = layers
    .filter((layer) => layer.recomputed !== undefined && layer.verdict === 'invalid')
    .sort((a, b) => a.layer.descriptor.size - b.layer.descriptor.size);
  const causes = new Map<SignedLayer, string>();
  const found: Recipe[] = [];
  let searched = 0;
  for (const layer of different) {
    const cause = otherLayer(layer, layers) ?? (await otherClass(layer.layer, recipes, recorded, rebuilder));
    if (cause !== undefined) causes.set(layer, cause);
    else if ((await search(layer, found, rebuilder)) === undefined && searched < MAX_SEARCHED) {
      const recipe = await search(layer, alternatives(recipes, recorded, rebuilder), rebuilder);
      // What explains a larger layer too is the better explanation: it is tried first for all.
      if (recipe !== undefined) found.unshift(recipe);
      searched += 1;
    }
  }
  for (const layer of different.filter((one) => !causes.has(one))) {
    const recipe = await search(layer, found, rebuilder);
    const cause = recipe && otherRecipe(recipe, recipes);
    causes.set(layer, cause ?? "the layer's bytes differ from those that were signed");
  }
  return layers.map((layer) => {
    const cause = causes.get(layer);
    return cause === undefined ? layer : { ...layer, reason: `${layer.reason}: ${cause}` };
  });
}

function otherLayer({ layer, rootHash }: SignedLayer, layers: readonly SignedLayer[]): string | undefined {
  const owner = layers.find(
    (other) => other.recomputed === rootHash && other.layer.descriptor.digest !== layer.descriptor.digest,
  );
  return owner && `it is that of layer ${owner.layer.index}`;
}

async function otherClass(
  layer: ImageLayer,
  recipes: readonly Recipe[],
  recorded: Recorded,
  rebuilder: Rebuilder,
): Promise<string | undefined> {
  const here = rebuilder.mkfsClass;
  const there = recorded.class;
  // No class matters for an EROFS image.
  if (layer.format === 'erofs') return undefined;
  // The native builder tries the other classes instead.
  if (here === undefined || there === undefined || there === here) return undefined;
  const classes = `built by erofs-utils class ${there}, this machine has class ${here}`;
  const oneIs = (...of: readonly string[]): boolean => of.includes(there) !== of.includes(here);
  // A came with a checksum in each tar index.
  const index = recipes.some(({ profile }) => PROFILES[profile].appendsTar);
  if (index && oneIs('1.8.6')) return `${classes}, and every tar index differs`;
  const traits = await traitsOf(layer, rebuilder);
  const has = [
    // C came with another order of attributes, A with attributes of any name, B with another treatment of times.
    ...(traits?.xattrs && (oneIs('C') || oneIs('1.8.6')) ? ['extended attributes'] : []),
    ...(traits?.unusualTimes && oneIs('1.8.6', 'A') ? ['unusual times'] : []),
  ];
  if (has.length === 0) return undefined;
  return `${classes}, and the layer has ${has.join(' and ')}`;
}

async function traitsOf(layer: ImageLayer, rebuilder: Rebuilder): Promise<TarTraits | undefined> {
  const { signal, options } = rebuilder.converter;
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const observer = new TarTraitsObserver();
  try {
    const limits = { maxTarSize: options.maxLayerSize, signal };
    const { tar } = openLayerTar(await rebuilder.blob(layer), expected, limits);
    for await (const chunk of tar) observer.push(chunk as Buffer);
    return observer.result();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VeritySignError)) throw error;
    return undefined;
  }
}

/** Every other recipe, the likely ones first. */
function alternatives(recipes: readonly Recipe[], recorded: Recorded, { mkfsClass }: Rebuilder): Recipe[] {
  const [first] = recipes;
  const listed = [recorded.mkfsOptions ?? first?.mkfsOptions ?? [], ...COMMON_OPTIONS];
  const plain = listed.flatMap((mkfsOptions): Recipe[] => [
    recipeOf('containerd', mkfsOptions),
    recipeOf('containerd-cache', mkfsOptions),
    recipeOf('containerd-tar-index', mkfsOptions),
    recipeOf('tardev', mkfsOptions),
    { ...recipeOf('containerd-tar-index', mkfsOptions), uuidSource: 'diffId' },
  ]);
  // Several classes may agree about a layer: the one that is recorded explains it best.
  const classes = KNOWN_CLASSES.toSorted(
    (a, b) => Number(b === recorded.class) - Number(a === recorded.class),
  );
  const all =
    mkfsClass === undefined
      ? plain.filter(nativelyKnown).flatMap((recipe) => ofClasses(recipe, classes))
      : plain;
  const known = new Set(recipes.map(recipeKey));
  return [...new Map(all.map((recipe) => [recipeKey(recipe), recipe])).values()].filter(
    (recipe) => !known.has(recipeKey(recipe)),
  );
}

async function search(
  { layer, rootHash }: SignedLayer,
  recipes: readonly Recipe[],
  rebuilder: Rebuilder,
): Promise<Recipe | undefined> {
  const step = 4;
  for (let first = 0; first < recipes.length; first += step) {
    const some = recipes.slice(first, first + step);
    await rebuilder.build(some.map((recipe) => ({ layer, recipe })));
    const match = some.find((recipe) => {
      const result = rebuilder.result(layer, recipe);
      return 'rootHash' in result && result.rootHash === rootHash;
    });
    if (match !== undefined) return match;
  }
  return undefined;
}

function otherRecipe(recipe: Recipe, recipes: readonly Recipe[]): string {
  const { profile, mkfsOptions, uuidSource, class: of } = recipe;
  const same = recipes.find((one) => one.profile === profile && one.uuidSource === uuidSource);
  const what = [
    ...(same === undefined ? [`profile ${profile}`] : []),
    ...(same === undefined && uuidSource !== recipeOf(profile, mkfsOptions).uuidSource
      ? ['a UUID from the diffID']
      : []),
    ...(recipes.some((one) => one.mkfsOptions.join(' ') === mkfsOptions.join(' '))
      ? []
      : [`mkfs options ${mkfsOptions.join(' ')}`]),
    ...(recipes.some((one) => one.class === of) ? [] : [`erofs-utils class ${of}`]),
  ];
  return `signed for ${what.join(' with ')}`;
}
