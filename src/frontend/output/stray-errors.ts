import { harmless } from './foreign-text.ts';
import { exitWhenWritten } from './standard-streams.ts';

/** Of Google's library, where it finds no machine of Google: the error says that there are no credentials. */
const NEEDLESS = 'MetadataLookupWarning';

/**
 * Node prints exceptions that nothing catches, and warnings, as they are, and both may contain foreign text.
 * Here they go through `fail`, which returns the exit status, and to standard error in one harmless line each.
 */
export function handleStrayErrors(fail: (error: unknown) => number): void {
  process.on('uncaughtException', (error: unknown) => void exitWhenWritten(fail(error)));
  // Node has no listener if its own options turn warnings off.
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name === NEEDLESS) return;
    process.stderr.write(`${harmless(`${name}: ${message}`)}\n`);
  });
}
