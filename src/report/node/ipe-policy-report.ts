/** The types of the reports of `ipe-policy`. src/report/schema/node/ipe-policy.ts defines them. */
import type * as z from 'zod';
import type {
  checkedRootHash,
  ipePolicyCheck,
  ipePolicyReport,
  policyLayer,
} from '../schema/node/ipe-policy.ts';

/** A policy that was made. */
export type IpePolicyReport = z.infer<typeof ipePolicyReport>;
/** What a policy allows, and which layers of the images it lacks. */
export type IpePolicyCheck = z.infer<typeof ipePolicyCheck>;
export type CheckedRootHash = z.infer<typeof checkedRootHash>;
/** A layer that has a root hash. */
export type PolicyLayer = z.infer<typeof policyLayer>;
