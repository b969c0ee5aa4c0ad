import { IMAGE_TITLES, type ImageName } from '../data/images.ts';
import { spread } from '../measure/statistics.ts';
import type { Setting } from '../requirements.ts';
import { NATIVE, OURS, type Results } from '../results.ts';
import { type Bar, barChart, type Group } from './chart.ts';

const SHOWN: readonly ImageName[] = ['mixed-8', 'one-224MB', 'one-1GB', 'small-20'];

const LABELS: Readonly<Record<string, string>> = {
  [OURS]: OURS,
  [NATIVE]: NATIVE,
  'shell, sequential': 'shell, sequential',
  'shell, parallel': 'shell, xargs -P',
  inflate: 'Node inflate alone',
};

/** The chart of the seconds that a user waits, or undefined if the run measured none. */
export function overview(results: Results, setting: Setting): string | undefined {
  const groups = SHOWN.map((image): Group => {
    const name = `${image}/gzip/containerd`;
    const bars = Object.entries(LABELS).flatMap(([contestant, label]): Bar[] => {
      const values = results.values(name, contestant);
      if (values.length === 0) return [];
      const { median, ...range } = spread(values);
      const text = `${median.toFixed(2)} s`;
      return [{ label, value: median, ...range, text, ours: contestant === OURS || contestant === NATIVE }];
    });
    return { title: IMAGE_TITLES[image], bars };
  }).filter(({ bars }) => bars.length > 0);
  if (groups.length === 0) return undefined;
  const processor = setting.find(([name]) => name === 'Processor')?.[1] ?? '';
  const note = `gzip, profile containerd; median, least and most of the rounds; ${processor}`;
  return barChart('Seconds to sign an image', note, groups);
}
