import { VeritySignError } from '../../errors.ts';

/** The first version with zstd in node:zlib. */
const OLDEST = [22, 15] as const;

/** Refuses a Node that is too old, with a message instead of a failing import. */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new VeritySignError('environment', `Node.js ${version} is too old`, {
    remedy: `Use Node.js ${OLDEST.join('.')} or later`,
  });
}
