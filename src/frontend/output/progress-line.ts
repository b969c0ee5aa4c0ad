import { formatBytes } from '../render/format.ts';

/** `layer 3: 40 % of 81.2 MB`; if the total is unknown, `layer 3: 33.1 MB`. Sizes are in bytes. */
export function progressLine(task: string, done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return `${task}: ${formatBytes(done)}`;
  const percent = Math.min(100, Math.floor((100 * done) / total));
  return `${task}: ${percent} % of ${formatBytes(total)}`;
}
