import type { Writable } from 'node:stream';
import { ERASE_LINE } from './stream-guard.ts';

/** The terminal whose last line is a status that the next output replaces. */
let shown: Writable | undefined;

/** Replaces the last line of a terminal by a status. `text` must be harmless and narrower than the terminal. */
export function drawStatus(out: Writable, text: string): void {
  out.write(`${ERASE_LINE}${text}`);
  shown = out;
}

/** Removes the status, if there is one. Whatever prints to the terminal calls it first. */
export function clearStatus(): void {
  shown?.write(ERASE_LINE);
  shown = undefined;
}
