import { formatBytes } from '../../lib/format-bytes.ts';
import { shortDigests } from '../render/format.ts';
import { cut, textWidth } from '../render/text-width.ts';

/** Columns of a task's name below which only the amount is shown. */
const MIN_TASK = 6;

/**
 * `layer 3 (sha256:0123456789ab…): 40 % of 81.2 MB`; if the total is unknown, `layer 3: 33.1 MB`. Sizes are in
 * bytes. The text must be harmless.
 * @param width columns that the line may take: the name of the task is cut, the amount is not
 */
export function progressLine(
  task: string,
  done: number,
  total: number | undefined,
  width = Number.POSITIVE_INFINITY,
): string {
  const amount = amountOf(done, total);
  const room = width - textWidth(`: ${amount}`);
  if (room < MIN_TASK) return cut(amount, width, 0);
  return `${cut(shortDigests(task), room, 0)}: ${amount}`;
}

function amountOf(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return formatBytes(done);
  const percent = Math.min(100, Math.floor((100 * done) / total));
  return `${percent} % of ${formatBytes(total)}`;
}
