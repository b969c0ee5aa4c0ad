/** The types of the report of `preflight`. src/report/schema/node/preflight.ts defines them. */
import type * as z from 'zod';
import type {
  preflightAttack,
  preflightDenial,
  preflightFile,
  preflightLayer,
  preflightReport,
  preflightRun,
} from '../schema/node/preflight.ts';

/** What a kernel that enforces signatures did with one image. */
export type PreflightReport = z.infer<typeof preflightReport>;
export type PreflightVerdict = PreflightReport['verdict'];
export type PreflightLayer = z.infer<typeof preflightLayer>;
export type PreflightFile = z.infer<typeof preflightFile>;
/** Equal denials, counted. */
export type PreflightDenial = z.infer<typeof preflightDenial>;
export type PreflightAttack = z.infer<typeof preflightAttack>;
export type PreflightRun = z.infer<typeof preflightRun>;

/** An attack that could not be tried is neither refused nor successful. */
export function wasTried({ refused, outcome }: Pick<PreflightAttack, 'refused' | 'outcome'>): boolean {
  return refused || outcome === 'OK';
}
