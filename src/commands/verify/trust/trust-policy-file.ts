import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { lstatIfThere } from '../../../lib/if-there.ts';
import { readGiven } from '../../../lib/read-given.ts';
import { applicableStatement } from '../../../signatures/notary/trust-policy/policy-scope.ts';
import {
  MAX_POLICY_SIZE,
  parseTrustPolicy,
  type TrustStatement,
} from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { notationFolder } from './trust-stores.ts';

/** Policy files of notation's own configuration, in order of precedence. [notation-go verifier/trustpolicy] */
const FILES = ['trustpolicy.oci.json', 'trustpolicy.json'];

export interface TrustPolicy {
  path: string;
  statements: readonly TrustStatement[];
}

/**
 * Reads a trust policy. notation's own must be a regular file, as for notation; one that the user
 * names may be a symbolic link.
 * @param given its path, or `notation`
 * @throws VeritySignError 'usage'
 */
export async function readTrustPolicy(given: string): Promise<TrustPolicy> {
  const path = given === 'notation' ? await configured() : given;
  return {
    path,
    statements: await inFile(path, async () => parseTrustPolicy(await readGiven(path, MAX_POLICY_SIZE))),
  };
}

/** @throws VeritySignError 'usage' if the policy has nothing for the scope. */
export function statementFor({ path, statements }: TrustPolicy, scope: string): TrustStatement {
  try {
    return applicableStatement(statements, scope);
  } catch (error) {
    throw named(path, error);
  }
}

async function configured(): Promise<string> {
  const folder = notationFolder();
  for (const name of FILES) {
    const path = join(folder, name);
    const found = await lstatIfThere(path, 'usage');
    if (found === undefined) continue;
    if (found.isFile()) return path;
    throw new VeritySignError('usage', `trust-policy: ${path} is not a regular file`, {
      remedy: 'Replace it by a file, as notation demands too',
    });
  }
  throw new VeritySignError('usage', `trust-policy: notation has none configured in ${folder}`, {
    remedy: 'Configure one with notation policy import FILE, or give the path of one',
  });
}

async function inFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(path, error);
  }
}

function named(path: string, error: unknown): unknown {
  if (error instanceof VeritySignError) {
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    return new VeritySignError('usage', `trust-policy ${path}: ${error.message}`, {
      ...remedy,
      cause: error,
    });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new VeritySignError('usage', `trust-policy ${path}: it cannot be read (${code})`, {
    remedy: "Give the path of notation's trust policy, or notation for the one that is configured",
    cause: error,
  });
}
