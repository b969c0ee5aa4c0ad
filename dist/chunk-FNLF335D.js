import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  convertLayers,
  layerLabel
} from "./chunk-DY3CNKYB.js";
import {
  recipesFor
} from "./chunk-PJMS5TR2.js";

// src/pipeline/convert-shared.ts
async function convertShared(jobs, converter, image, shared) {
  const recipes = recipesFor(converter.options);
  const known = jobs.map(({ layer }) => shared?.findAll(layer, recipes));
  for (const [index, found] of known.entries()) {
    const job = jobs[index];
    if (found === void 0 || job === void 0) continue;
    converter.log.info(`${layerLabel(job.layer)}: converted already for ${found[0]?.sharedFrom}`);
  }
  const fresh = await convertLayers(
    jobs.filter((_, index) => known[index] === void 0),
    converter
  );
  let next = 0;
  const converted = known.map((found) => found ?? fresh[next++] ?? []);
  const confirm = (builder) => {
    shared?.requireSame(builder);
    for (const ofLayer of fresh) {
      for (const [position, one] of ofLayer.entries()) {
        const recipe = recipes[position];
        if (recipe !== void 0) shared?.add(one, recipe, image);
      }
    }
  };
  return { converted, confirm };
}

export {
  convertShared
};
