import { BUILD_CACHE } from '../cases/names.ts';
import { IMAGE_TITLES, type ImageName } from '../data/images.ts';
import { rowFloor } from '../floors/row.ts';
import { spread } from '../measure/statistics.ts';
import type { Setting } from '../requirements.ts';
import { EXPORTING, OURS, type Results, shellName } from '../results.ts';
import { type Bar, barChart, type Group } from './chart.ts';

const SIGNED: readonly [image: ImageName, form: string][] = [
  ['mixed-8', 'gzip'],
  ['mixed-8', 'zstd'],
  ['mixed-8', 'plain'],
  ['one-224MB', 'gzip'],
  ['small-20', 'gzip'],
];

const SIGNERS: Readonly<Record<string, string>> = {
  [OURS]: OURS,
  [shellName('shell with openssl', 'parallel')]: 'shell, openssl, -P',
  [shellName('shell with openssl', 'sequential')]: 'shell, openssl',
  [shellName('shell', 'parallel')]: 'shell, sha256sum, -P',
  [shellName('shell', 'sequential')]: 'shell, sha256sum',
  [shellName('shell without digests', 'parallel')]: 'shell, no digests, -P',
};

/** The chart of the seconds that a user waits, or undefined if the run measured none. */
export function overview(results: Results, setting: Setting, cores: number): string | undefined {
  const signed = SIGNED.map(([image, form]): Group => {
    const name = `${image}/${form}/containerd`;
    const { seconds } = rowFloor(results, name, cores);
    const floor = Number.isFinite(seconds) ? `; floor ${seconds.toFixed(2)} s` : '';
    return { title: `${IMAGE_TITLES[image]}, ${form}${floor}`, bars: bars(results, name, SIGNERS) };
  });
  const cache: Group = {
    title: `${IMAGE_TITLES['mixed-8']}, gzip, containerd's layer cache`,
    bars: bars(results, 'cache/mixed-8', {
      [EXPORTING]: 'verity-sign, signs',
      [BUILD_CACHE]: 'ctr, signs nothing',
    }),
  };
  const groups = [...signed, cache].filter((group) => group.bars.length > 0);
  if (groups.length === 0) return undefined;
  const processor = setting.find(([name]) => name === 'Processor')?.[1] ?? '';
  return barChart(
    'Seconds to sign an image',
    `median, least and most of the rounds; each group has its own scale; ${processor}`,
    groups,
  );
}

function bars(results: Results, name: string, labels: Readonly<Record<string, string>>): Bar[] {
  return Object.entries(labels).flatMap(([contestant, label]): Bar[] => {
    const values = results.values(name, contestant);
    if (values.length === 0) return [];
    const { median, ...range } = spread(values);
    const ours = contestant === OURS || contestant === EXPORTING;
    return [{ label, value: median, ...range, text: `${median.toFixed(2)} s`, ours }];
  });
}
