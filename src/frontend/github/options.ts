import { VeritySignError } from '../../errors.ts';
import { parseReference } from '../../oci/image/reference.ts';
import type { RawValues } from '../inputs/catalog.ts';
import { withoutCredentials } from '../inputs/image-list.ts';
import { parseChoice, parseList } from '../inputs/parse-values.ts';
import { type Dialect, flag, optional, text } from '../inputs/values.ts';

/** `image` names the repository of the image, `digest` the digest as well. */
export type CheckKind = 'image' | 'digest';

/** What the user wants GitHub to show. */
export interface GithubOptions {
  token: string;
  /** A check run for each; empty for none. */
  checks: readonly CheckKind[];
  /** Whether the pull request gets a comment. */
  comment: boolean;
  /** The image with which the comment compares. */
  baseImage?: string;
}

/**
 * The token of the input `github-token`: the value itself or env://NAME. It is masked, and no longer in the
 * environment. Call it before other inputs are read: some pass on everything that is masked. Error: `usage`.
 */
export function takeToken(raw: RawValues, { label, secrets }: Dialect): string | undefined {
  const given = raw['github-token']?.trim() ?? '';
  if (given === '') return undefined;
  const captured = secrets.capture(given, label('github-token'));
  if (captured === undefined) secrets.mask(given);
  const token = captured?.trim() ?? given;
  // It becomes a header. The message does not repeat it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new VeritySignError('usage', `${label('github-token')} has characters that no token has`, {
    remedy: 'Set it to the token alone, such as github.token',
  });
}

/**
 * Checks the inputs about GitHub; undefined without a token. Raises usage errors that name the input.
 * @param images of the run
 */
export function githubOptions(
  raw: RawValues,
  token: string | undefined,
  images: readonly string[],
  dialect: Dialect,
): GithubOptions | undefined {
  const { label } = dialect;
  const comment = flag(raw, 'github-comment', dialect);
  const checks = checkKinds(raw, dialect);
  const baseImage = text(raw, 'base-image');
  if (comment && token === undefined) {
    throw unused(label('github-comment'), `without ${label('github-token')}`, 'Set github-token');
  }
  if (baseImage !== undefined) checkBase(baseImage, comment, images, dialect);
  if (token === undefined) return undefined;
  if (checks.length === 0 && !comment) {
    const others = `with ${label('github-check')} none and without ${label('github-comment')}`;
    throw unused(label('github-token'), others, 'Omit it, or set one of them');
  }
  return { token, checks, comment, ...optional('baseImage', baseImage) };
}

function checkKinds(raw: RawValues, { label }: Dialect): CheckKind[] {
  const name = label('github-check');
  const items = parseList(text(raw, 'github-check'));
  const kinds = items.map((item) => parseChoice(item, ['image', 'digest', 'none'] as const, name));
  if (kinds.includes('none') && kinds.length > 1) {
    throw new VeritySignError('usage', `${name} has none beside other values`, {
      remedy: 'Omit one of them',
    });
  }
  return [...new Set(kinds.filter((kind) => kind !== 'none'))];
}

function checkBase(base: string, comment: boolean, images: readonly string[], { label }: Dialect): void {
  const name = label('base-image');
  if (!comment) throw unused(name, `without ${label('github-comment')}`, 'Set github-comment to true');
  withoutCredentials([base]);
  if (images.length > 1) {
    throw new VeritySignError('usage', `${name} is for one image, but ${images.length} are given`, {
      remedy: 'Process each image in a separate step',
    });
  }
  if (parseReference(base).kind === 'daemon') {
    throw new VeritySignError('usage', `${name} does not support images of the docker daemon`, {
      remedy: 'Use an image in a registry, a layout or an archive',
    });
  }
}

function unused(name: string, why: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', `${name} has no effect ${why}`, { remedy });
}
