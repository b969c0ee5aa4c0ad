/** Says each reason once, and for which layers and platforms. */
import type {
  LayerVerdict,
  PlatformVerdict,
  SignatureSetReport,
  VerifyReport,
} from '../../../report/verify-report.ts';

/** Platforms that a line names. */
const MOST_NAMED = 3;

/** Layers that have one reason. */
export interface LayerReason {
  /** Such as `every layer`, `layer 3` or `layers 0-2, 5`. */
  layers: string;
  reason: string;
}

/** The reasons of a set's layers, each once. */
export function layerReasons({ layers }: Pick<SignatureSetReport, 'layers'>): LayerReason[] {
  const byReason = Map.groupBy(layers, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, own]) =>
    reason === undefined ? [] : [{ layers: layerNames(own, layers.length), reason }],
  );
}

function layerNames(own: readonly LayerVerdict[], all: number): string {
  const [first, ...more] = own.map(({ index }) => index).sort((a, b) => a - b);
  if (first === undefined) return 'no layer';
  if (more.length === 0) return `layer ${first}`;
  if (own.length === all) return 'every layer';
  const runs: [from: number, to: number][] = [[first, first]];
  for (const index of more) {
    const last = runs.at(-1);
    if (last !== undefined && index === last[1] + 1) last[1] = index;
    else runs.push([index, index]);
  }
  return `layers ${runs.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')}`;
}

/**
 * The reason of a verdict on an image. Where it is that of the first layer, it names all layers and platforms that
 * share it; other lines need not repeat it, see {@link saysAlready}.
 */
export function imageReason({ reason, platforms }: VerifyReport): string | undefined {
  if (reason === undefined) return undefined;
  for (const platform of platforms) {
    for (const set of platform.signatures) {
      for (const { layers, reason: own } of layerReasons(set)) {
        const first = set.layers.find((layer) => layer.reason === own);
        const end = `layer ${first?.index}: ${own}`;
        if (!reason.endsWith(end)) continue;
        const before = reason.slice(0, -end.length);
        return `${withAllPlatforms(before, platform, platforms, own)}${layers}: ${own}`;
      }
    }
  }
  return reason;
}

/** `before`, which begins with the name of one platform, with the names of all whose layers have that reason. */
function withAllPlatforms(
  before: string,
  first: PlatformVerdict,
  platforms: readonly PlatformVerdict[],
  reason: string,
): string {
  const start = `${first.platform ?? first.manifest.digest}: `;
  const sharing = platforms.filter(({ signatures }) =>
    signatures.some(({ layers }) => layers.some((layer) => layer.reason === reason)),
  );
  if (!before.startsWith(start) || sharing.length < 2) return before;
  const named = sharing.slice(0, MOST_NAMED).map(({ platform, manifest }) => platform ?? manifest.digest);
  const more = sharing.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}: ${before.slice(start.length)}`;
}

/** Whether the reason of the verdict on the image ends with this one, so that it need not be repeated. */
export function saysAlready(report: VerifyReport, reason: string | undefined): boolean {
  return reason !== undefined && report.reason?.endsWith(reason) === true;
}
