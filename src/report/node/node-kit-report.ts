/** The types of the report of `node-kit`, see report.ts. */
import type * as z from 'zod';
import type { nodeKitReport } from '../schema/node/node-kit.ts';

export type NodeKitReport = z.infer<typeof nodeKitReport>;
