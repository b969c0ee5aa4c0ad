/** The types of the report of `remove`. src/report/schema/remove.ts defines them. */
import type * as z from 'zod';
import type { removedSignature, removeReport } from './schema/remove.ts';

/** What `remove` found and did with one image. */
export type RemoveReport = z.infer<typeof removeReport>;
export type RemovedSignature = z.infer<typeof removedSignature>;
/** One signature manifest. */
export type AttachedSignature = Omit<RemovedSignature, 'lastGood' | 'fate'>;
