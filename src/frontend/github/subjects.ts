import { createHash } from 'node:crypto';
import { VeritySignError } from '../../errors.ts';
import { type ImageReference, parseReference, referenceName } from '../../oci/image/reference.ts';
import { optional } from '../inputs/values.ts';
import { harmless } from '../output/foreign-text.ts';
import { type Entry, type Outcome, outcomeOf, type Verb } from './outcome.ts';

/** Images that GitHub shows under one name. */
export interface Subject<Report extends object> {
  /** Without tag and digest. */
  image: string;
  /** The only digest of a subject that has one in its name. */
  digest?: string;
  /** At least one. */
  members: readonly Member<Report>[];
}

export interface Member<Report extends object> {
  /** As the user wrote it. */
  reference: string;
  entry: Entry<Report>;
  outcome: Outcome;
}

/** Characters of a check's name. GitHub documents no limit; contexts of statuses have this one. */
const MOST_NAME = 255;
const MOST_PLATFORMS = 40;

/**
 * The entries of a run by image. Images of one repository are one subject: a name with their tags would be
 * another for each release, and no rule could demand it.
 * @param pushTo where the image goes; GitHub's users know it by that name
 */
export function subjectsOf<Report extends { image: { reference: string } }>(
  entries: readonly Entry<Report>[],
  verb: Verb<Report>,
  pushTo: readonly string[] = [],
): Subject<Report>[] {
  const subjects = new Map<string, Member<Report>[]>();
  for (const entry of entries) {
    const { reference } = (entry as { image: { reference: string } }).image;
    const names = (pushTo.length === 0 ? [reference] : pushTo).map(imageName);
    // An image that failed before it was read still has the digest by which it was named: its check must fail too.
    const outcome = { ...givenDigest(reference), ...outcomeOf(entry, verb) };
    for (const name of new Set(names)) {
      const members = subjects.get(name) ?? [];
      members.push({ reference, entry, outcome });
      subjects.set(name, members);
    }
  }
  return [...subjects].map(([image, members]) => ({ image, members }));
}

/** The images of a subject by digest; those whose digest is not known are in none. */
export function byDigest<Report extends object>({ image, members }: Subject<Report>): Subject<Report>[] {
  const digests = new Set(members.flatMap(({ outcome }) => outcome.digest ?? []));
  return [...digests].map((digest) => ({
    image,
    digest,
    members: members.filter(({ outcome }) => outcome.digest === digest),
  }));
}

/**
 * The name of a check: `verity-sign / IMAGE (VERB, PLATFORMS)`, with `@DIGEST` if the subject has one. Verb and
 * selected platforms are in it since another verb, or another platform, says something else.
 */
export function checkName<Report extends object>(
  { image, digest }: Subject<Report>,
  verb: string,
  platforms: readonly string[],
): string {
  const selected =
    platforms.length === 0 ? '' : `, ${bounded([...platforms].sort().join(', '), MOST_PLATFORMS)}`;
  const rest = `${digest === undefined ? '' : `@${digest}`} (${verb}${selected})`;
  const begin = 'verity-sign / ';
  return `${begin}${bounded(harmless(image), MOST_NAME - begin.length - rest.length)}${rest}`;
}

/** Up to 64 hexadecimal digits that stand for the texts. */
export function fingerprint(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

/** A text that is too long ends in a part of its hash, so that two long ones differ. */
function bounded(text: string, most: number): string {
  const tail = `…${fingerprint(text).slice(0, 12)}`;
  return text.length <= most ? text : `${text.slice(0, most - tail.length)}${tail}`;
}

function imageName(reference: string): string {
  const parsed = parsedOrNone(reference);
  return parsed === undefined ? reference : referenceName(parsed).replace(/^docker-daemon:/, '');
}

function givenDigest(reference: string): { digest?: string } {
  const parsed = parsedOrNone(reference);
  return parsed === undefined || !('digest' in parsed) ? {} : optional('digest', parsed.digest);
}

/** Undefined if it is no reference: the run has failed because of it. */
function parsedOrNone(reference: string): ImageReference | undefined {
  try {
    return parseReference(reference);
  } catch (error) {
    if (error instanceof VeritySignError) return undefined;
    throw error;
  }
}
