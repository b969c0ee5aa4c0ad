import type { ArtifactReport, LayerReport, SignReport } from '../../../report/report.ts';
import { alert, inlineCode, type Markdown, md } from '../markdown.ts';

/** Layers that are named; more of them are counted. */
const NAMED = 20;

/** Which layers have another root hash in class A, so that a reader expects it. One note for each image manifest. */
export function fractionalTimesPart({ artifacts }: Pick<SignReport, 'artifacts'>): Markdown[] {
  const manifests = new Map(artifacts.map((artifact) => [artifact.manifest.digest, artifact]));
  return alert('NOTE', [...manifests.values()].flatMap(noteOf));
}

function noteOf({ platform, layers }: ArtifactReport): Markdown[] {
  const differing = layers.filter(({ fractionalTimes }) => fractionalTimes.differing > 0);
  if (differing.length === 0) return [];
  const where = platform === undefined ? '' : `${platform}, `;
  const [are, their] = differing.length === 1 ? ['has', 'its'] : ['have', 'their'];
  return [
    md`**${where}${namesOf(differing)} ${are} another root hash in class A** than in B and C, as is usual: ${their} entries have times with fractions of a second. If nodes have both kinds of erofs-utils, sign for both (${inlineCode('erofs-utils-version: A,C')}).`,
  ];
}

/** `layer 3`, or `layers 0, 1 and 5 more`. */
function namesOf(layers: readonly LayerReport[]): string {
  const named = layers.slice(0, NAMED).map(({ index }) => index);
  const more = layers.length > NAMED ? ` and ${layers.length - NAMED} more` : '';
  return `layer${layers.length === 1 ? '' : 's'} ${named.join(', ')}${more}`;
}
