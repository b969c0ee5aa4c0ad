import { IMAGE_TITLES, type ImageName } from '../data/images.ts';
import { type Spread, spread } from '../measure/statistics.ts';
import type { Results } from '../results.ts';

/** The title of a case that signs an image. */
export function title(name: string): string {
  const [image = '', form = '', profile = ''] = name.split('/');
  return `${IMAGE_TITLES[image as ImageName]}, ${form}, ${profile}`;
}

/** The seconds of a contestant, or a dash if it did not run. */
export function seconds(results: Results, name: string, contestant: string): string {
  const values = results.values(name, contestant);
  return values.length === 0 ? '–' : range(spread(values), 2);
}

/** A ratio, or a dash if one side was not measured. */
export function times(compared: Spread): string {
  return Number.isFinite(compared.median) ? range(compared, 2) : '–';
}

/** `median (least–most)`. */
export function range({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** A number, or a dash if it was not measured. */
export const number = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '–';
