/**
 * `npm run build` writes dist/: one bundle per entry, their chunks, the worker that processes layers, the types
 * of the library, and the licences of the bundled packages. `npm run check:dist` builds elsewhere and compares.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildBundles } from './build/bundles.ts';

const dist = join(dirname(import.meta.dirname), 'dist');

/** File names that differ between two folders. */
async function differences(a: string, b: string): Promise<string[]> {
  const filesIn = (folder: string): Promise<string[]> => readdir(folder, { recursive: true });
  const names = new Set([...(await filesIn(a)), ...(await filesIn(b).catch(() => []))]);
  const different: string[] = [];
  for (const name of [...names].sort()) {
    const [left, right] = await Promise.all([a, b].map((folder) => contentOf(join(folder, name))));
    if (left === undefined || right === undefined || !left.equals(right)) different.push(name);
  }
  return different;
}

/** Undefined if the file is missing; empty for a folder. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EISDIR' ? Buffer.alloc(0) : undefined,
  );
}

if (process.argv.includes('--check')) {
  const fresh = await mkdtemp(join(tmpdir(), 'verity-sign-dist-'));
  try {
    await buildBundles(fresh);
    const stale = await differences(fresh, dist);
    if (stale.length > 0) {
      console.error(
        `dist/ is not what the sources build: ${stale.join(', ')}. Run npm run build and commit.`,
      );
      process.exitCode = 1;
    } else {
      console.log('dist/ equals a fresh build.');
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
} else {
  await rm(dist, { recursive: true, force: true });
  await buildBundles(dist);
}
