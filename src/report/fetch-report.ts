/** The types of the report of `fetch`. src/report/schema/fetch.ts defines them. */
import type * as z from 'zod';
import type { fetchReport } from './schema/fetch.ts';

/** What `fetch` wrote and opened of one image. */
export type FetchReport = z.infer<typeof fetchReport>;
