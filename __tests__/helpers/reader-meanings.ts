/** What readers understood of a document of an image, in one form: to compare this program with Go's libraries. */
import { createHash } from 'node:crypto';
import type { GoAnswer, GoKind } from './go-readers.ts';

type Json = Record<string, unknown>;

/** Libraries that give the whole document as they decoded it. */
const WHOLE = ['oci', 'ggcr', 'docker', 'notation'];

/** The facts that this program takes from a document, from any reader's whole view of it. */
export function meaning(kind: GoKind, seen: unknown): Json | Json[] {
  const view = (seen ?? {}) as Json;
  switch (kind) {
    case 'manifest':
      return { ...common(view), config: descriptor(view.config), layers: list(view.layers).map(descriptor) };
    case 'index':
      return { ...common(view), manifests: list(view.manifests).map(descriptor) };
    case 'config': {
      const { os, architecture, variant } = view;
      const complete = !!os && !!architecture;
      const platform = complete ? { os, architecture, variant: variant || '' } : undefined;
      return { platform, diffIds: list((view.rootfs as Json | undefined)?.diff_ids) };
    }
    case 'descriptor':
      return descriptor(view);
    case 'payload':
      return identity(view.targetArtifact);
    case 'docker-save':
      return list(seen).map((item) => {
        const { Config, RepoTags, Layers } = item as Json;
        return { Config, RepoTags: list(RepoTags), Layers: list(Layers) };
      });
  }
}

/** Every way in which a library did not understand the document as this program did. */
export function differences(kind: GoKind, own: unknown, bytes: Buffer, answer: GoAnswer): string[] {
  return Object.entries(answer).flatMap(([library, { seen, error }]) => {
    if (error !== undefined) return [`${library} refuses it: ${error}`];
    if (!WHOLE.includes(library))
      return sameParts(own as Json, library, seen) ? [] : [`${library} follows others`];
    const same = JSON.stringify(meaning(kind, seen)) === JSON.stringify(own);
    const invented = library === 'ggcr' ? [] : notWritten(seen, JSON.parse(bytes.toString()));
    return [
      ...embeddedElsewhere(seen).map((digest) => `${library} has other content for ${digest}`),
      ...(same ? [] : [`${library} understands ${JSON.stringify(meaning(kind, seen))}`]),
      ...invented.map((path) => `${library} has a value at ${path} that is not written there`),
    ];
  });
}

/** The digests of descriptors whose embedded content, as a library has it, is not what they describe. */
function embeddedElsewhere(seen: unknown): string[] {
  if (typeof seen !== 'object' || seen === null) return [];
  const { data, digest, size } = seen as Json;
  const below = Object.values(seen).flatMap(embeddedElsewhere);
  if (typeof data !== 'string' || typeof digest !== 'string') return below;
  const content = Buffer.from(data, 'base64');
  const [algorithm = '', hex] = digest.split(':');
  const same = content.length === size && createHash(algorithm).update(content).digest('hex') === hex;
  return same ? below : [...below, digest];
}

/** Whether a library follows the same parts: it gives them as a list of descriptors, or only the diffIDs. */
function sameParts(own: Json, library: string, seen: unknown): boolean {
  const { children, rootfs } = seen as { children?: unknown; rootfs?: { diff_ids: unknown } };
  if (rootfs !== undefined) return JSON.stringify(list(rootfs.diff_ids)) === JSON.stringify(own.diffIds);
  const { config, layers, manifests, subject } = own;
  const parts = config === undefined ? list(manifests) : [config, ...list(layers)];
  const found = list(children).map(descriptor);
  const expected = library === 'oras' && found.length > parts.length ? [subject, ...parts] : parts;
  if (library !== 'distribution') return JSON.stringify(found) === JSON.stringify(expected);
  const identities = (many: unknown[]) => JSON.stringify(many.map(identity));
  return identities(found) === identities(expected);
}

/** Paths of values that Go found, and that an exact reader does not find under the same names. */
function notWritten(seen: unknown, written: unknown, path = ''): string[] {
  if (isZero(seen)) return [];
  if (typeof seen !== 'object' || seen === null) {
    return seen === written || sameTime(seen, written) ? [] : [path];
  }
  const other = (written ?? {}) as Json;
  return Object.entries(seen).flatMap(([name, value]) => {
    return notWritten(value, Object.hasOwn(other, name) ? other[name] : undefined, `${path}.${name}`);
  });
}

function isZero(value: unknown): boolean {
  return value === null || value === '' || value === 0 || value === false;
}

/** Go drops zeros at the end of a second's fraction. */
function sameTime(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) =>
    String(value)
      .replace(/(\.\d*?)0+(?=Z|[+-]\d\d:\d\d$)/, '$1')
      .replace(/\.(?=Z|[+-])/, '');
  return typeof b === 'string' && plain(a).replace(/\+00:00$/, 'Z') === plain(b).replace(/[+-]00:00$/, 'Z');
}

function common({ subject, artifactType, annotations }: Json): Json {
  return {
    subject: subject ? descriptor(subject) : null,
    artifactType: artifactType || '',
    annotations: entries(annotations),
  };
}

function descriptor(value: unknown): Json {
  const { platform, artifactType } = value as Json;
  const { os, architecture, variant, 'os.version': version } = (platform ?? {}) as Json;
  return {
    ...identity(value),
    platform: platform ? { os, architecture, variant: variant || '', version: version || '' } : null,
    artifactType: artifactType || '',
  };
}

function identity(value: unknown): Json {
  const { mediaType, digest, size, annotations } = (value ?? {}) as Json;
  return { mediaType, digest, size, annotations: entries(annotations) };
}

/** Go sorts the names of a map. */
function entries(map: unknown): [string, unknown][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
