import { VeritySignError } from '../../errors.ts';
import type { ImageLayer, ImagePlan, NativeWork } from '../../model/index.ts';
import { nativelyKnown, type Recipe, recipeKey, uuidOf } from '../erofs/recipe.ts';
import { processLayer } from '../worker/process-layer.ts';
import {
  type BuiltLayer,
  type ImageFileRequest,
  type LayerBuilder,
  type LayerBuildRequest,
  secondsSince,
} from './layer-builder.ts';

/**
 * Builds images with this program's own builder while the layer is decompressed and digested, in one thread for
 * each layer, without another program, and without image files unless one is requested.
 */
export class NativeLayerBuilder implements LayerBuilder {
  readonly needsDisk = false;

  async build(request: LayerBuildRequest): Promise<BuiltLayer> {
    const { layer, open, recipes, folder, signal, imageFile } = request;
    checkOptions(recipes);
    const started = performance.now();
    const plans = plansFor(layer, recipes, imageFile);
    const classesOf = (plan: ImagePlan | undefined): readonly (string | undefined)[] => plan?.classes ?? [];
    const native: NativeWork = {
      plans: plans.map(({ plan }) => plan),
      blobSize: layer.descriptor.size,
      folder,
    };
    const blob = await open(signal);
    // Prevents an uncaught error: the blob may break before it is read.
    blob.on('error', () => undefined);
    const { facts, idle } = processLayer(blob, { sinks: [], native }, request, signal);
    try {
      const { roots = [], ...processed } = await facts;
      const seconds = { build: secondsSince(started), verity: 0 };
      const images = recipes.map((recipe) => {
        const position = plans.findIndex(({ key }) => key === planKey(recipe));
        const plan = plans[position]?.plan;
        const verity = roots[position]?.[classesOf(plan).indexOf(recipe.class)];
        if (plan === undefined || verity === undefined) throw new TypeError('an image is missing');
        return { recipe, uuid: plan.uuid, verity, seconds };
      });
      return { facts: processed, images };
    } finally {
      await idle;
    }
  }
}

function checkOptions(recipes: readonly Recipe[]): void {
  const unsupported = recipes.find((recipe) => !nativelyKnown(recipe));
  if (unsupported === undefined) return;
  throw new VeritySignError(
    'environment',
    `mkfs-options ${unsupported.mkfsOptions.join(' ')} are not supported by the native builder`,
    { remedy: 'Set builder to mkfs' },
  );
}

const planKey = ({ class: _class, ...recipe }: Recipe): string => recipeKey(recipe);

/** One plan for all recipes that differ only in their class. */
function plansFor(
  layer: ImageLayer,
  recipes: readonly Recipe[],
  imageFile: ImageFileRequest | undefined,
): { key: string; plan: ImagePlan }[] {
  const plans = new Map<string, Recipe[]>();
  for (const recipe of recipes) {
    plans.set(planKey(recipe), [...(plans.get(planKey(recipe)) ?? []), recipe]);
  }
  return [...plans].map(([key, own]) => {
    const [{ profile, mkfsOptions, uuidSource }] = own as [Recipe];
    const classes = own.flatMap((recipe) => recipe.class ?? []);
    const plan = { profile, uuid: uuidOf(layer, uuidSource), mkfsOptions, classes: [...new Set(classes)] };
    return { key, plan: { ...plan, ...fileOf(key, imageFile) } };
  });
}

function fileOf(key: string, imageFile: ImageFileRequest | undefined): Pick<ImagePlan, 'file'> {
  if (imageFile === undefined || planKey(imageFile.recipe) !== key) return {};
  const { path, recipe } = imageFile;
  if (recipe.class === undefined) throw new TypeError('the native builder needs the class of a file');
  return { file: { class: recipe.class, path } };
}
