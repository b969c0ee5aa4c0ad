/** The types of what `doctor` prints, see report.ts. */
import type * as z from 'zod';
import type { doctorReport, nodeCheck } from '../schema/node/doctor.ts';

export type DoctorReport = z.infer<typeof doctorReport>;
export type NodeCheck = z.infer<typeof nodeCheck>;
