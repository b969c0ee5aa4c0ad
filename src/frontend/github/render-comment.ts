import { count, shortDigest } from '../render/format.ts';
import {
  alert,
  codeBlock,
  details,
  inlineCode,
  link,
  type Markdown,
  markdownTable,
  md,
  withinLimit,
} from '../render/markdown.ts';
import { type Change, type LayerChange, type LayerSet, layerChanges, sameKind } from './layer-changes.ts';
import type { Outcome } from './outcome.ts';

/** The base image of a comment: its root hashes, or why there are none. */
export interface Base {
  /** As the user wrote it. */
  reference: string;
  /** Where the root hashes come from. */
  origin: string;
  sets?: readonly LayerSet[];
  reason?: string;
}

/** One image of a comment. */
export interface CommentImage {
  reference: string;
  outcome: Outcome;
  sets: readonly LayerSet[];
}

/** Rows of a table; the JSON report has all layers. */
const LISTED = 200;

const WORDS: Readonly<Record<Change, string>> = {
  same: 'same',
  recompressed: 'same root hash, other blob',
  rebuilt: 'other root hash, same blob',
  added: 'added',
  removed: 'removed',
};

/** Markdown of at most `limit` bytes, and so characters. A note replaces parts that do not fit. */
export function renderComment(
  heading: string,
  images: readonly CommentImage[],
  base: Base | undefined,
  runUrl: string | undefined,
  limit: number,
): string {
  const end = runUrl === undefined ? [] : [link('Log of the run', new URL(runUrl))];
  const parts = [md`### ${heading}`, ...images.flatMap((image) => imageParts(image, base)), ...end];
  return withinLimit(parts, limit, 'this comment');
}

function imageParts({ reference, outcome, sets }: CommentImage, base: Base | undefined): Markdown[] {
  const { words, digest, conclusion, error } = outcome;
  const line = md`**${words}**: ${inlineCode(reference)}${digest === undefined || reference.endsWith(digest) ? '' : md`, ${inlineCode(digest)}`}`;
  const why =
    error === undefined
      ? []
      : [md`${error.message}`, ...(error.remedy === undefined ? [] : [md`${error.remedy}.`])];
  return [
    ...(conclusion === 'failure' ? alert('CAUTION', [line, ...why]) : [line]),
    ...(base === undefined ? [] : baseParts(base)),
    ...sets.flatMap((set) => setParts(set, base)),
    ...(base?.sets ?? [])
      .filter((set) => sets.length > 0 && sameKind(sets, set) === undefined)
      .map((set) => md`Only the base image has ${kindOf(set)}, with ${count(set.layers.length, 'layer')}.`),
  ];
}

function baseParts({ reference, origin, reason }: Base): Markdown[] {
  if (reason === undefined)
    return [md`Compared with the base image ${inlineCode(reference)}, whose root hashes were ${origin}.`];
  return alert('NOTE', [md`**Not compared** with the base image ${inlineCode(reference)}: ${reason}`]);
}

function kindOf({ platform, profile, class: name }: LayerSet): Markdown {
  return md`${platform ?? 'the image'}, profile ${inlineCode(profile)}${name === undefined ? '' : `, class ${name}`}`;
}

function setParts(set: LayerSet, base: Base | undefined): Markdown[] {
  const whole = set.layers.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}\n  root hash ${rootHash}`,
  );
  const full = details('Full digests and root hashes', codeBlock(whole.join('\n'), 'text'));
  const heading = md`#### ${kindOf(set)}`;
  if (base?.sets === undefined) return [heading, table(set.layers.map((layer) => ({ layer }))), full];
  const other = sameKind(base.sets, set);
  const changes = layerChanges(other?.layers ?? [], set.layers);
  const changed = changes.filter(({ change }) => change !== 'same');
  const same = changes.filter(({ change }) => change === 'same');
  return [
    heading,
    md`${sumOf(changes)}${other === undefined ? ' The base image has no root hashes of this kind.' : ''}`,
    ...(changed.length === 0 ? [] : [table(changed)]),
    ...(same.length === 0
      ? []
      : [details(`${count(same.length, 'layer')} with the same root hash`, table(same))]),
    full,
  ];
}

/** `2 added, 1 removed, 5 same.` */
function sumOf(changes: readonly LayerChange[]): string {
  const kinds = (['added', 'removed', 'rebuilt', 'recompressed', 'same'] as const).flatMap((kind) => {
    const number = changes.filter(({ change }) => change === kind).length;
    return number === 0 ? [] : [`${number} ${WORDS[kind]}`];
  });
  return kinds.length === 0 ? 'No layers.' : `${kinds.join('; ')}.`;
}

function table(rows: readonly { layer: LayerChange['layer']; change?: Change }[]): Markdown {
  const compared = rows.some(({ change }) => change !== undefined);
  const listed = rows
    .slice(0, LISTED)
    .map(({ layer, change }) => [
      ...(change === undefined ? [] : [md`${WORDS[change]}`]),
      md`${layer.index}`,
      inlineCode(shortDigest(layer.digest)),
      inlineCode(shortDigest(layer.rootHash)),
    ]);
  const header = [...(compared ? ['Change'] : []), 'Layer', 'Digest', 'Root hash'];
  const more = rows.length - listed.length;
  const body = markdownTable(header, listed, ['Layer']);
  return more === 0 ? body : md`${body}\n\n${more} more are in the JSON report.`;
}
