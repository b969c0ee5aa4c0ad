/** Where the path ends in `PATH`, `PATH:NAME` and `PATH@DIGEST`: paths and names may both contain colons. */
import { existsSync } from 'node:fs';
import { isDigest } from '../../formats/digest.ts';

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
