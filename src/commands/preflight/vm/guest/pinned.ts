import type { ReleasedGuest } from './fetch-guest.ts';

/** The guest files of this version's release; undefined in versions that were never released. */
export const PINNED_GUEST = undefined as ReleasedGuest | undefined;
