import type { ReleasedGuests } from './fetch-guest.ts';

/** The guest files of this version's release; none in versions that were never released. Written by preflight:pin. */
export const PINNED_GUESTS: ReleasedGuests = {};
