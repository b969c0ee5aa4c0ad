/** The types of the report of `remove`. src/report/schema/remove.ts defines them. */
import type * as z from 'zod';
import type { removedSignature, removeReport, stayingSignature } from './schema/remove.ts';

/** What `remove` found and did with one image. */
export type RemoveReport = z.infer<typeof removeReport>;
export type RemovedSignature = z.infer<typeof removedSignature>;
export type StayingSignature = z.infer<typeof stayingSignature>;
/** One signature manifest. */
export type AttachedSignature = Omit<RemovedSignature, 'lastGood' | 'fate'>;
