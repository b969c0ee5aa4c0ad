import { PassThrough, type Readable } from 'node:stream';
import { drained } from '../tools/drained.ts';

/**
 * Gives `count` consumers the same bytes: the slowest sets the pace, an error of `source` reaches
 * all, and one that is destroyed holds up none. When the last is destroyed, so is `source`.
 */
export function fanOut(source: Readable, count: number): Readable[] {
  const branches = Array.from({ length: count }, () => new PassThrough({ highWaterMark: 1024 * 1024 }));
  let open = count;
  for (const branch of branches) {
    branch.on('error', () => undefined);
    branch.once('close', () => {
      open -= 1;
      if (open === 0) source.destroy();
    });
  }
  void pump(source, branches).catch((error: Error) => {
    for (const branch of branches) branch.destroy(error);
  });
  return branches;
}

async function pump(source: Readable, branches: PassThrough[]): Promise<void> {
  for await (const chunk of source) {
    const full = branches.filter((branch) => !branch.destroyed && !branch.write(chunk));
    if (full.length > 0) await Promise.all(full.map(drained));
  }
  for (const branch of branches) if (!branch.destroyed) branch.end();
}
