/** The generated types against those that zod infers from the same schemas. The compiler proves it: no run can fail. */
import { expect, test } from '@jest/globals';
import type { PartialReport } from '../../../../src/frontend/library/failed-run.ts';
import type * as generated from '../../../../src/frontend/library/reports.ts';
import type { ErrorReport, FailedImageReport } from '../../../../src/report/failed-image.ts';
import type { RootHashEntry, SignReport } from '../../../../src/report/report.ts';
import type { InspectReport, Verdict, VerifyReport } from '../../../../src/report/verify-report.ts';

/** True if each of two types can be assigned to the other, and both have the same fields at every depth. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? Identical<A, B> : false) : false;
/** Assignable types may differ in optional fields: `{}` and `{ a?: string }`. */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const SAME: {
  sign: Same<generated.SignReport, SignReport>;
  verify: Same<generated.VerifyReport, VerifyReport>;
  verdict: Same<generated.Verdict, Verdict>;
  inspect: Same<generated.InspectReport, InspectReport>;
  rootHash: Same<generated.RootHashEntry, RootHashEntry>;
  failedImage: Same<generated.FailedImageReport, FailedImageReport>;
  error: Same<generated.ErrorReport, ErrorReport>;
  partial: Same<PartialReport, SignReport | VerifyReport | InspectReport | FailedImageReport>;
} = {
  sign: true,
  verify: true,
  verdict: true,
  inspect: true,
  rootHash: true,
  failedImage: true,
  error: true,
  partial: true,
};

/** The comparison itself notices a field more, an optional field more, and a field that may be undefined. */
const DIFFERENT: {
  longer: Same<RootHashEntry, RootHashEntry & { more: string }>;
  optional: Same<{ a: { b: string } }, { a: { b: string; c?: string } }>;
  nullable: Same<{ a?: string }, { a?: string | undefined }>;
} = { longer: false, optional: false, nullable: false };

test('the types of the library are those of the schemas', () => {
  expect(Object.values(SAME)).not.toContain(false);
  expect(Object.values(DIFFERENT)).not.toContain(true);
});
