import {
  parseReference,
  referenceName
} from "./shared.options.js";
import {
  prefixForPath
} from "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/commands/shared/push-targets.ts
function pushRepositories(pushTo) {
  const found = /* @__PURE__ */ new Map();
  for (const text of pushTo) {
    const target = parseTag(text);
    const repository = referenceName(target);
    const tag = target.tag ?? "latest";
    const known = found.get(repository);
    if (known === void 0) found.set(repository, { registry: target.registry, repository, tags: [tag] });
    else if (!known.tags.includes(tag)) known.tags.push(tag);
  }
  return [...found.values()];
}
function parseTag(text) {
  const target = prefixForPath(text) === void 0 ? parseReference(text) : void 0;
  if (target?.kind === "registry" && target.digest === void 0) return target;
  throw new VeritySignError("usage", `push-to: ${text} is not a tag in a registry`, {
    remedy: "Write it as REGISTRY/REPOSITORY:TAG"
  });
}

export {
  pushRepositories
};
