/** The types of the report of `fetch`. src/report/schema/node/fetch.ts defines them. */
import type * as z from 'zod';
import type { fetchReport } from '../schema/node/fetch.ts';

/** What `fetch` wrote and opened of one image. */
export type FetchReport = z.infer<typeof fetchReport>;
