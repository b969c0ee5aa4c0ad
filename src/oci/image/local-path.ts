/** Where the path ends in `PATH`, `PATH:NAME` and `PATH@DIGEST`, and paths without the prefix that they need. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { remedyOf, VeritySignError } from '../../errors.ts';
import { isDigest } from '../../formats/digest-grammar.ts';

/** A place on this machine, and the image in it. */
export interface LocalTarget {
  path: string;
  /** A tag, or a full name such as `localhost/app:1.0`. */
  tag: string | undefined;
  /** Wins over the tag. */
  digest: string | undefined;
}

/** The characters of a name in a layout. [image-spec annotations.md, org.opencontainers.image.ref.name] */
const NAME = /^[A-Za-z0-9]+(?:[-._:@/+]+[A-Za-z0-9]+)*$/;

/**
 * Splits what follows `oci:` or `oci-archive:`.
 *
 * The last colon starts the tag if no slash follows it. Full names contain slashes and colons, so if there
 * is nothing at that path, the longest other path wins that exists and is the whole text or followed by a name. An `@` starts
 * a digest only if a whole digest follows it.
 *
 * @returns the reason why the text is malformed, instead of a target
 */
export function splitLocal(text: string, what: 'folder' | 'file'): LocalTarget | string {
  const at = text.lastIndexOf('@');
  const digest = at !== -1 && isDigest(text.slice(at + 1)) ? text.slice(at + 1) : undefined;
  if (digest === undefined && /@sha(256|512):/.test(text)) return 'has a malformed digest';
  const rest = digest === undefined ? text : text.slice(0, at);
  const usual = digest === undefined ? lastColon(rest) : { path: rest, tag: undefined };
  const { path, tag } = existsSync(usual.path) ? usual : (existing(rest) ?? usual);
  if (path === '') return `names no ${what}`;
  return tag === '' ? 'has an empty tag' : { path, tag, digest };
}

function lastColon(rest: string): { path: string; tag: string | undefined } {
  const colon = rest.lastIndexOf(':');
  if (colon === -1 || rest.includes('/', colon)) return { path: rest, tag: undefined };
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}

/** The longest path that exists: the whole text, or what is before a colon and a name. */
function existing(rest: string): { path: string; tag: string | undefined } | undefined {
  if (existsSync(rest)) return { path: rest, tag: undefined };
  for (let colon = rest.lastIndexOf(':'); colon > 0; colon = rest.lastIndexOf(':', colon - 1)) {
    const [path, tag] = [rest.slice(0, colon), rest.slice(colon + 1)];
    if (NAME.test(tag) && existsSync(path)) return { path, tag };
  }
  return undefined;
}

/** Prefixes of other tools for sources that this program does not read. */
export const FOREIGN_TRANSPORT = /^(containers-storage|dir|sif|ostree|tarball|oci-layout|https?):/i;
const TRANSPORT = /^(?:(?:oci|oci-archive|docker-archive|docker-daemon):|docker:\/\/)/;

const ARCHIVE = /\.(?:tar|tgz|tar\.(?:gz|xz|zst|bz2))(?=$|[:@])/i;

/**
 * What to write in place of a text that is the path of a layout or archive without prefix: it begins as no image
 * does, or has the name of a tar and no registry. Undefined for any other text, so also for one with a prefix.
 */
export function prefixForPath(text: string): string | undefined {
  if (TRANSPORT.test(text) || FOREIGN_TRANSPORT.test(text)) return undefined;
  const isPath = /^(?:\.{1,2}|~)?\//.test(text) || /^\.{1,2}(?:$|:)/.test(text);
  const hasRegistry = /^[^/]*[.:][^/]*\//.test(text) || text.startsWith('localhost/');
  const archive = ARCHIVE.test(text);
  if (!isPath && (hasRegistry || !archive)) return undefined;
  const image = isPath ? '' : `, or docker://${text} for an image on Docker Hub`;
  if (archive) return `Write oci-archive:${text} for an archive of a layout${image}`;
  return `Write oci:${text} for a folder in OCI layout, or oci-archive:FILE for an archive of one`;
}

/** The layout that an image on Docker Hub is named like; undefined if there is none. */
export function layoutNamed(name: string): string | undefined {
  return existsSync(join(name, 'oci-layout')) ? name : undefined;
}

/**
 * The error of an image on Docker Hub, with a hint if there is a folder or file of that name.
 * @param name as on Docker Hub, such as `library/app`
 */
export function withPathHint(error: unknown, name: string): unknown {
  if (!(error instanceof VeritySignError) || !['registry', 'environment'].includes(error.code)) return error;
  const path = name.replace(/^library\//, '');
  // It is only a hint: whatever keeps this process from looking there is no failure of its own.
  const found = existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (found === undefined) return error;
  const kind = found.isDirectory() ? ['folder', 'oci:'] : ['file', 'oci-archive:'];
  const hint = `${path} is also a ${kind[0]} here: if it is meant, write ${kind[1]}${path}`;
  const { code, message, context } = error;
  const longer = new VeritySignError(code, message, {
    remedy: [remedyOf(error), hint].filter((part) => part !== undefined).join('. '),
    cause: error,
  });
  Object.assign(longer.context, context);
  return longer;
}
