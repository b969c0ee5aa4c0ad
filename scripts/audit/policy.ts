import { type Finding, SEVERITIES, type Severity } from './report.ts';

/** The least severity that fails: of a package with code in the bundles, and of one that only builds or tests. */
export const FAILING = { bundled: 'moderate', other: 'high' } as const satisfies Record<string, Severity>;
/** Days that an exception may last from today. */
export const LONGEST_EXCEPTION = 90;

/** A vulnerability that is accepted for a while. */
export interface Exception {
  advisory: string;
  package: string;
  /** Why it cannot be used against this program, or what is waited for. */
  reason: string;
  /** The last day, such as 2026-03-31. */
  expires: string;
}

export interface Assessment {
  /** Each is a reason to fail. */
  failures: string[];
  /** What is known and accepted. */
  notes: string[];
}

/**
 * Compares findings with the policy in SECURITY.md.
 * @param bundled folders of the packages that have code in the bundles
 * @param today such as 2026-01-31
 */
export function assess(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  bundled: ReadonlySet<string>,
  today: string,
): Assessment {
  const failures = exceptions.flatMap((exception) => faultOf(exception, findings, today));
  const notes: string[] = [];
  for (const finding of findings) {
    const isBundled = finding.folders.some((folder) => bundled.has(folder));
    const least = FAILING[isBundled ? 'bundled' : 'other'];
    const where = isBundled ? 'in the bundles' : 'not in the bundles';
    const line = `${finding.package}, ${where}: ${finding.severity}: ${finding.title} (${finding.advisory})`;
    const exception = exceptions.find((one) => isAbout(one, finding));
    if (exception !== undefined && exception.expires >= today) {
      notes.push(`${line}: accepted until ${exception.expires}: ${exception.reason}`);
    } else if (SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(least)) {
      failures.push(line);
    } else {
      notes.push(`${line}: below ${least}`);
    }
  }
  return { failures, notes };
}

function isAbout(exception: Exception, finding: Finding): boolean {
  return exception.advisory === finding.advisory && exception.package === finding.package;
}

/** What is wrong with an exception. */
function faultOf(exception: Exception, findings: readonly Finding[], today: string): string[] {
  const { advisory, package: name, reason, expires } = exception;
  const what = `the exception for ${name} (${advisory})`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires)) return [`${what} has no date in expires: "${expires}"`];
  if (reason.trim() === '') return [`${what} has no reason`];
  if (!findings.some((finding) => isAbout(exception, finding))) {
    return [`${what} is no longer needed: remove it`];
  }
  if (expires < today) return [`${what} expired on ${expires}: update the package, or find the reason anew`];
  const days = (Date.parse(expires) - Date.parse(today)) / 86_400_000;
  if (!(days <= LONGEST_EXCEPTION)) {
    return [`${what} lasts until ${expires}: allow at most ${LONGEST_EXCEPTION} days`];
  }
  return [];
}
