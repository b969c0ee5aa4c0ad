import { existsSync } from 'node:fs';
import { VeritySignError } from '../../errors.ts';
import { isDigest } from '../../formats/digest.ts';
import { dockerArchive } from './archive/docker-archive.ts';
import { FOREIGN_TRANSPORT, type LocalTarget, layoutNamed, prefixForPath, splitLocal } from './local-path.ts';

export type ImageReference = RegistryReference | LayoutReference | ArchiveReference | DaemonReference;

export interface RegistryReference {
  kind: 'registry';
  /** Host and optional port; `docker.io` for Docker Hub. */
  registry: string;
  /** Path without registry, such as `library/alpine`. */
  repository: string;
  tag: string | undefined;
  /** Wins over the tag. */
  digest: string | undefined;
}

/** A folder in OCI image layout. */
export interface LayoutReference extends LocalTarget {
  kind: 'layout';
}

/** A tar file of an OCI image layout. */
export interface ArchiveReference extends Omit<LocalTarget, 'digest'> {
  kind: 'archive';
  digest?: string | undefined;
}

/** An image in the store of the docker daemon. */
export interface DaemonReference {
  kind: 'daemon';
  registry: string;
  repository: string;
  tag: string;
}

const FORMS =
  'Use REGISTRY/REPOSITORY:TAG, REGISTRY/REPOSITORY@DIGEST (with or without docker://), oci:DIR[:TAG|@DIGEST], oci-archive:FILE[:TAG|@DIGEST] or docker-daemon:NAME[:TAG]';

/**
 * Parses an image as the user writes it.
 *
 * Registry names follow Docker: a first component without dot, colon or uppercase letter that is not
 * `localhost` belongs to Docker Hub's path, a Hub name without a slash lies in `library/`, and a name
 * without tag and digest means `latest`. [distribution/reference normalize.go]
 *
 * In `oci:` and `oci-archive:` a tag, a full name or a digest may follow the path; see {@link splitLocal}. A
 * folder whose name has a colon can be written with a trailing slash (`oci:a:b/`).
 *
 * @throws VeritySignError 'usage', with the accepted forms as remedy.
 */
export function parseReference(text: string): ImageReference {
  refuseCredentials(text);
  if (text !== text.trim() || text === '' || hasControl(text))
    throw refused(text, 'is not an image reference');
  refuseEmptyPart(text);
  if (text.startsWith('oci-archive:')) return { kind: 'archive', ...parseLocal(text, 'file') };
  if (text.startsWith('oci:')) return { kind: 'layout', ...parseLocal(text, 'folder') };
  if (text.startsWith('docker-daemon:')) return parseDaemon(text);
  if (text.startsWith('docker://')) return parseRegistry(text, text.slice('docker://'.length));
  if (/^docker-archive:/i.test(text)) throw dockerArchive(JSON.stringify(text), 'usage', FORMS);
  const foreign = FOREIGN_TRANSPORT.exec(text);
  if (foreign !== null) throw refused(text, `has the unsupported prefix ${foreign[1]}:`);
  const prefix = prefixForPath(text);
  if (prefix !== undefined) throw refused(text, 'is a path, not an image in a registry', prefix);
  if (text.includes(',')) {
    throw refused(
      text,
      'contains a comma',
      'Write one image per line, or on the command line one per argument',
    );
  }
  return parseRegistry(text, text);
}

/**
 * {@link parseReference} for an image that is to be read: the name of a layout in the working folder is not taken
 * for an image on Docker Hub.
 * @throws VeritySignError 'usage'
 */
export function parseImage(text: string): ImageReference {
  const reference = parseReference(text);
  if (reference.kind !== 'registry' || /^(?:docker:\/\/|docker\.io\/)/.test(text)) return reference;
  const layout = isOnHub(reference) ? layoutNamed(nameOf(text)) : undefined;
  if (layout === undefined) return reference;
  const remedy = `Write oci:${text} for the layout, or docker://${text} for the image on Docker Hub`;
  throw refused(text, `is the name of an OCI layout in the folder ${layout}`, remedy);
}

/** A name without a registry means Docker Hub. */
export function isOnHub({ registry }: RegistryReference): boolean {
  return registry === 'docker.io';
}

/** Without tag and digest. */
function nameOf(text: string): string {
  return text.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/**
 * Refuses a text of which nothing is left before or after `@` or `:`. In workflows that is an output or a
 * variable that is empty.
 * @throws VeritySignError 'usage'
 */
function refuseEmptyPart(text: string): void {
  const empty = /^[@:]|[@:]$/.exec(text);
  if (empty === null || /^(?:oci|oci-archive|docker-daemon):$/.test(text)) return;
  // Paths may end in any character.
  const local = /^oci(?:-archive)?:(.+)$/.exec(text)?.[1];
  if (local !== undefined && existsSync(local)) return;
  const where = empty.index === 0 ? 'before' : 'after';
  throw refused(
    text,
    `has nothing ${where} "${empty[0]}"`,
    'If an output of a step or a variable belongs there, it is empty: check its name, and that the step ran',
  );
}

/** `USER:PASSWORD@HOST/…`, with or without a scheme, and `SCHEME://TOKEN@HOST`. A digest may follow a tag. */
const CREDENTIALS =
  /^(?:(?!oci(?:-archive)?:)[^/\s@]+:.+@(?!sha(?:256|512):)[^@]*\/|[a-z][a-z0-9+.-]*:\/\/[^/]*@(?!sha(?:256|512):))/i;

/**
 * Refuses a reference with a user name and a password without repeating it: messages and reports show
 * references.
 * @throws VeritySignError 'usage'
 */
export function refuseCredentials(text: string): void {
  if (!CREDENTIALS.test(text)) return;
  throw new VeritySignError('usage', 'an image reference contains a user name or a password', {
    remedy: 'Write it without them, and set registry-username and registry-password, or log in first',
  });
}

/** The reference without tag and digest, for messages; `@DIGEST` can be appended. */
export function referenceName(reference: ImageReference): string {
  switch (reference.kind) {
    case 'registry':
      return `${reference.registry}/${reference.repository}`;
    case 'layout':
      return `oci:${reference.path}`;
    case 'archive':
      return `oci-archive:${reference.path}`;
    case 'daemon':
      return `docker-daemon:${reference.registry}/${reference.repository}`;
  }
}

function parseLocal(text: string, what: 'folder' | 'file'): LocalTarget {
  const target = splitLocal(text.slice(text.indexOf(':') + 1), what);
  if (typeof target === 'string') throw refused(text, target);
  return target;
}

/** A digest is refused: short image IDs look like names, and the gate does not need them. */
function parseDaemon(text: string): DaemonReference {
  const { registry, repository, tag, digest } = parseRegistry(text, text.slice('docker-daemon:'.length));
  if (digest !== undefined || tag === undefined)
    throw refused(text, 'has a digest: images of the docker daemon are named by tag');
  return { kind: 'daemon', registry, repository, tag };
}

const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

function parseRegistry(text: string, rest: string): RegistryReference {
  const at = rest.indexOf('@');
  const digest = at === -1 ? undefined : rest.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw refused(text, 'has a malformed digest');
  const named = at === -1 ? rest : rest.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon !== -1 && !named.includes('/', colon);
  const given = tagged ? named.slice(colon + 1) : undefined;
  if (given !== undefined && !TAG.test(given)) throw refused(text, 'has a malformed tag');
  const { registry, repository } = splitRegistry(tagged ? named.slice(0, colon) : named);
  if (!DOMAIN.test(registry)) throw refused(text, 'has a malformed registry name');
  if (repository !== repository.toLowerCase()) {
    const remedy = `Write it in lowercase: ${registry}/${repository.toLowerCase()}`;
    throw refused(text, 'has uppercase letters in the repository name', remedy);
  }
  if (!PATH.test(repository) || repository.length > 255)
    throw refused(text, 'has a malformed repository name');
  return {
    kind: 'registry',
    registry,
    repository,
    tag: given ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = slash === -1 || !isHost || first === 'index.docker.io' ? 'docker.io' : first;
  const repository = slash !== -1 && isHost ? name.slice(slash + 1) : name;
  const official = registry === 'docker.io' && !repository.includes('/');
  return { registry, repository: official ? `library/${repository}` : repository };
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

function refused(text: string, reason: string, remedy?: string): VeritySignError {
  return new VeritySignError('usage', `${JSON.stringify(text)} ${reason}`, {
    remedy: remedy === undefined ? FORMS : `${remedy}. ${FORMS}`,
  });
}
