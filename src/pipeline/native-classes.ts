import { CHECKED_RELEASES } from '../erofs/native/releases.ts';
import { VeritySignError } from '../errors.ts';
import type { KnownClass } from './stages.ts';

/**
 * The class that a user means by a class or a release. Error (`usage`): a release that nobody has
 * compared with the native builder.
 */
export function classOf(text: string, label: string): KnownClass {
  const of = (['A', 'B', 'C'] as const).find((name) => name === text) ?? CHECKED_RELEASES[text];
  if (of !== undefined && (text.length === 1 || Object.hasOwn(CHECKED_RELEASES, text))) return of;
  const known = Object.keys(CHECKED_RELEASES).join(', ');
  throw new VeritySignError('usage', `${label}: the native builder does not know erofs-utils ${text}`, {
    remedy: `Give a class (A, B or C) or one of ${known}, or use the builder mkfs`,
  });
}
