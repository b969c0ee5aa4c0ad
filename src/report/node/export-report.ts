/** The types of the report of `export`. src/report/schema/node/export.ts defines them. */
import type * as z from 'zod';
import type { exportReport } from '../schema/node/export.ts';

/** What `export` wrote of one image. */
export type ExportReport = z.infer<typeof exportReport>;
