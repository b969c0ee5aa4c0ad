import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  isDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError,
  remedyOf
} from "./shared.errors.js";

// src/oci/image/reference.ts
import { existsSync as existsSync2 } from "node:fs";

// src/oci/image/archive/docker-archive.ts
var REMEDY = "Save it as an OCI archive (podman save --format oci-archive, or skopeo copy docker-archive:FILE oci-archive:FILE:TAG) and use push-to, or push the image first and sign it in the registry";
function dockerArchive(what, code, more) {
  return new VeritySignError(
    code,
    `${what} is a docker-archive, which has no manifest: a push compresses the layers and writes a manifest, so the digests that the image will have cannot be known here`,
    { remedy: more === void 0 ? REMEDY : `${REMEDY}. ${more}` }
  );
}

// src/oci/image/local-path.ts
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
var NAME = /^[A-Za-z0-9]+(?:[-._:@/+]+[A-Za-z0-9]+)*$/;
function splitLocal(text, what) {
  const at = text.lastIndexOf("@");
  const digest = at !== -1 && isDigest(text.slice(at + 1)) ? text.slice(at + 1) : void 0;
  if (digest === void 0 && /@sha(256|512):/.test(text)) return "has a malformed digest";
  const rest = digest === void 0 ? text : text.slice(0, at);
  const usual = digest === void 0 ? lastColon(rest) : { path: rest, tag: void 0 };
  const { path, tag } = existsSync(usual.path) ? usual : existing(rest) ?? usual;
  if (path === "") return `names no ${what}`;
  return tag === "" ? "has an empty tag" : { path, tag, digest };
}
function lastColon(rest) {
  const colon = rest.lastIndexOf(":");
  if (colon === -1 || rest.includes("/", colon)) return { path: rest, tag: void 0 };
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}
function existing(rest) {
  if (existsSync(rest)) return { path: rest, tag: void 0 };
  for (let colon = rest.lastIndexOf(":"); colon > 0; colon = rest.lastIndexOf(":", colon - 1)) {
    const [path, tag] = [rest.slice(0, colon), rest.slice(colon + 1)];
    if (NAME.test(tag) && existsSync(path)) return { path, tag };
  }
  return void 0;
}
var ARCHIVE = /\.(?:tar|tgz|tar\.(?:gz|xz|zst|bz2))(?=$|[:@])/i;
function prefixForPath(text) {
  const isPath = /^(?:\.{1,2}|~)?\//.test(text) || /^\.{1,2}(?:$|:)/.test(text);
  const hasRegistry = /^[^/]*[.:][^/]*\//.test(text) || text.startsWith("localhost/");
  const archive = ARCHIVE.test(text);
  if (!isPath && (hasRegistry || !archive)) return void 0;
  const image = isPath ? "" : `, or docker://${text} for an image on Docker Hub`;
  if (archive) return `Write oci-archive:${text} for an archive of a layout${image}`;
  return `Write oci:${text} for a folder in OCI layout, or oci-archive:FILE for an archive of one`;
}
function layoutNamed(name) {
  return existsSync(join(name, "oci-layout")) ? name : void 0;
}
function withPathHint(error, name) {
  if (!(error instanceof VeritySignError) || !["registry", "environment"].includes(error.code)) return error;
  const path = name.replace(/^library\//, "");
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === void 0) return error;
  const kind = found.isDirectory() ? ["folder", "oci:"] : ["file", "oci-archive:"];
  const hint = `${path} is also a ${kind[0]} here: if it is meant, write ${kind[1]}${path}`;
  const { code, message, context } = error;
  const longer = new VeritySignError(code, message, {
    remedy: [remedyOf(error), hint].filter((part) => part !== void 0).join(". "),
    cause: error
  });
  Object.assign(longer.context, context);
  return longer;
}

// src/oci/image/reference.ts
var FORMS = "Use REGISTRY/REPOSITORY:TAG, REGISTRY/REPOSITORY@DIGEST (with or without docker://), oci:DIR[:TAG|@DIGEST], oci-archive:FILE[:TAG|@DIGEST] or docker-daemon:NAME[:TAG]";
var FOREIGN_TRANSPORT = /^(containers-storage|dir|sif|ostree|tarball|oci-layout|https?):/i;
function parseReference(text) {
  refuseCredentials(text);
  if (text !== text.trim() || text === "" || hasControl(text))
    throw refused(text, "is not an image reference");
  refuseEmptyPart(text);
  if (text.startsWith("oci-archive:")) return { kind: "archive", ...parseLocal(text, "file") };
  if (text.startsWith("oci:")) return { kind: "layout", ...parseLocal(text, "folder") };
  if (text.startsWith("docker-daemon:")) return parseDaemon(text);
  if (text.startsWith("docker://")) return parseRegistry(text, text.slice("docker://".length));
  if (/^docker-archive:/i.test(text)) throw dockerArchive(JSON.stringify(text), "usage", FORMS);
  const foreign = FOREIGN_TRANSPORT.exec(text);
  if (foreign !== null) throw refused(text, `has the unsupported prefix ${foreign[1]}:`);
  const prefix = prefixForPath(text);
  if (prefix !== void 0) throw refused(text, "is a path, not an image in a registry", prefix);
  if (text.includes(",")) {
    throw refused(
      text,
      "contains a comma",
      "Write one image per line, or on the command line one per argument"
    );
  }
  return parseRegistry(text, text);
}
function parseImage(text) {
  const reference = parseReference(text);
  if (reference.kind !== "registry" || /^(?:docker:\/\/|docker\.io\/)/.test(text)) return reference;
  const layout = isOnHub(reference) ? layoutNamed(nameOf(text)) : void 0;
  if (layout === void 0) return reference;
  const remedy = `Write oci:${text} for the layout, or docker://${text} for the image on Docker Hub`;
  throw refused(text, `is the name of an OCI layout in the folder ${layout}`, remedy);
}
function isOnHub({ registry }) {
  return registry === "docker.io";
}
function nameOf(text) {
  return text.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}
function refuseEmptyPart(text) {
  const empty = /^[@:]|[@:]$/.exec(text);
  if (empty === null || /^(?:oci|oci-archive|docker-daemon):$/.test(text)) return;
  const local = /^oci(?:-archive)?:(.+)$/.exec(text)?.[1];
  if (local !== void 0 && existsSync2(local)) return;
  const where = empty.index === 0 ? "before" : "after";
  throw refused(
    text,
    `has nothing ${where} "${empty[0]}"`,
    "If an output of a step or a variable belongs there, it is empty: check its name, and that the step ran"
  );
}
var CREDENTIALS = /^(?:(?!oci(?:-archive)?:)[^/\s@]+:.+@(?!sha(?:256|512):)[^@]*\/|[a-z][a-z0-9+.-]*:\/\/[^/]*@(?!sha(?:256|512):))/i;
function refuseCredentials(text) {
  if (!CREDENTIALS.test(text)) return;
  throw new VeritySignError("usage", "an image reference contains a user name or a password", {
    remedy: "Write it without them, and set registry-username and registry-password, or log in first"
  });
}
function referenceName(reference) {
  switch (reference.kind) {
    case "registry":
      return `${reference.registry}/${reference.repository}`;
    case "layout":
      return `oci:${reference.path}`;
    case "archive":
      return `oci-archive:${reference.path}`;
    case "daemon":
      return `docker-daemon:${reference.registry}/${reference.repository}`;
  }
}
function parseLocal(text, what) {
  const target = splitLocal(text.slice(text.indexOf(":") + 1), what);
  if (typeof target === "string") throw refused(text, target);
  return target;
}
function parseDaemon(text) {
  const { registry, repository, tag, digest } = parseRegistry(text, text.slice("docker-daemon:".length));
  if (digest !== void 0 || tag === void 0)
    throw refused(text, "has a digest: images of the docker daemon are named by tag");
  return { kind: "daemon", registry, repository, tag };
}
var DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
var PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
var TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
function parseRegistry(text, rest) {
  const at = rest.indexOf("@");
  const digest = at === -1 ? void 0 : rest.slice(at + 1);
  if (digest !== void 0 && !isDigest(digest)) throw refused(text, "has a malformed digest");
  const named = at === -1 ? rest : rest.slice(0, at);
  const colon = named.lastIndexOf(":");
  const tagged = colon !== -1 && !named.includes("/", colon);
  const given = tagged ? named.slice(colon + 1) : void 0;
  if (given !== void 0 && !TAG.test(given)) throw refused(text, "has a malformed tag");
  const { registry, repository } = splitRegistry(tagged ? named.slice(0, colon) : named);
  if (!DOMAIN.test(registry)) throw refused(text, "has a malformed registry name");
  if (repository !== repository.toLowerCase()) {
    const remedy = `Write it in lowercase: ${registry}/${repository.toLowerCase()}`;
    throw refused(text, "has uppercase letters in the repository name", remedy);
  }
  if (!PATH.test(repository) || repository.length > 255)
    throw refused(text, "has a malformed repository name");
  return {
    kind: "registry",
    registry,
    repository,
    tag: given ?? (digest === void 0 ? "latest" : void 0),
    digest
  };
}
function splitRegistry(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = slash === -1 || !isHost || first === "index.docker.io" ? "docker.io" : first;
  const repository = slash !== -1 && isHost ? name.slice(slash + 1) : name;
  const official = registry === "docker.io" && !repository.includes("/");
  return { registry, repository: official ? `library/${repository}` : repository };
}
function hasControl(text) {
  return [...text].some((character) => character < " " || character === "");
}
function refused(text, reason, remedy) {
  return new VeritySignError("usage", `${JSON.stringify(text)} ${reason}`, {
    remedy: remedy === void 0 ? FORMS : `${remedy}. ${FORMS}`
  });
}

export {
  dockerArchive,
  prefixForPath,
  withPathHint,
  parseReference,
  parseImage,
  isOnHub,
  refuseCredentials,
  referenceName
};
