import { IMAGE_TITLES, type ImageName } from '../data/images.ts';
import { spread } from '../measure/statistics.ts';
import type { Setting } from '../requirements.ts';
import { MKFS, OURS, type Results, shellName } from '../results.ts';
import { type Bar, barChart, type Group } from './chart.ts';

const SHOWN: readonly [image: ImageName, form: string][] = [
  ['mixed-8', 'gzip'],
  ['mixed-8', 'zstd'],
  ['mixed-8', 'plain'],
  ['one-224MB', 'gzip'],
  ['one-1GB', 'gzip'],
  ['small-20', 'gzip'],
];

const LABELS: Readonly<Record<string, string>> = {
  [OURS]: OURS,
  [MKFS]: 'with mkfs.erofs',
  [shellName('shell', 'sequential')]: 'shell',
  [shellName('shell', 'parallel')]: 'shell, xargs -P',
  [shellName('shell without digests', 'parallel')]: 'without digests, -P',
};

/** The chart of the seconds that a user waits, or undefined if the run measured none. */
export function overview(results: Results, setting: Setting): string | undefined {
  const groups = SHOWN.map(([image, form]): Group => {
    const name = `${image}/${form}/containerd`;
    const bars = Object.entries(LABELS).flatMap(([contestant, label]): Bar[] => {
      const values = results.values(name, contestant);
      if (values.length === 0) return [];
      const { median, ...range } = spread(values);
      const text = `${median.toFixed(2)} s`;
      return [{ label, value: median, ...range, text, ours: contestant === OURS || contestant === MKFS }];
    });
    return { title: `${IMAGE_TITLES[image]}, ${form}`, bars };
  }).filter(({ bars }) => bars.length > 0);
  if (groups.length === 0) return undefined;
  const processor = setting.find(([name]) => name === 'Processor')?.[1] ?? '';
  const note = `profile containerd; median, least and most of the rounds; ${processor}`;
  return barChart('Seconds to sign an image', note, groups);
}
