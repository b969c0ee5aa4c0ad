import type { SignOptions } from '../commands/shared/options.ts';
import { inPlace, type OpenDestination } from '../commands/sign/destination.ts';

/** Where a signed image goes: through the gate to the registry of `push-to`, else nowhere. */
export function destinationOf({ pushTo }: Pick<SignOptions, 'pushTo'>): OpenDestination {
  if (pushTo === undefined) return inPlace;
  // Lazy import: the gate brings all of `verify`.
  return async (...args) => (await import('../commands/gate/gate.ts')).openGate(...args);
}
