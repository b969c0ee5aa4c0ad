/** The types of what `version` prints, see report.ts. */
import type * as z from 'zod';
import type { foundProgram, versionReport } from './schema/version.js';
export type VersionReport = z.infer<typeof versionReport>;
export type FoundProgram = z.infer<typeof foundProgram>;
