import { VeritySignError } from '../../errors.ts';

/** In each of these lines the first version whose agents use the proxy variables (`proxyEnv`). */
const FIRST_MINOR: Readonly<Record<number, number>> = { 22: 21, 24: 5 };
const NEWEST_LINE = 24;

/**
 * Refuses a Node that this program does not support, with a message instead of a failing import or a proxy
 * that is passed by. The versions are those of `engines` in package.json.
 * @throws VeritySignError 'environment'
 */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const first = FIRST_MINOR[major];
  if (first === undefined ? major > NEWEST_LINE : minor >= first) return;
  const why = major < 23 ? 'is too old' : 'is not supported: it ignores proxy variables such as HTTPS_PROXY';
  throw new VeritySignError('environment', `Node.js ${version} ${why}`, {
    remedy: 'Use Node.js 24.5 or later, or 22.21 or a later 22',
  });
}
