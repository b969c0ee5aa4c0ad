import * as z from 'zod';

export const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A known vulnerability of an installed package. */
export interface Finding {
  /** Such as `GHSA-aaaa-bbbb-cccc`. */
  advisory: string;
  package: string;
  severity: Severity;
  title: string;
  /** Where the package is installed, from the root: `node_modules/tar`. */
  folders: string[];
}

const advisorySchema = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string(),
  severity: z.enum(SEVERITIES),
});

/** `npm audit --json`. A package that only depends on a vulnerable one has that one's name in `via`. */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ via: z.array(z.union([z.string(), advisorySchema])), nodes: z.array(z.string()) }),
  ),
});

/**
 * The vulnerabilities in a report of `npm audit --json`, each once.
 * @throws Error if the text is no report: npm prints an error of the registry in its place
 */
export function findingsIn(text: string): Finding[] {
  const report = reportSchema.safeParse(parseJson(text));
  if (!report.success) {
    throw new Error(`this is no report of npm audit: ${text.trim().slice(0, 300) || 'it is empty'}`);
  }
  const found = new Map<string, Finding>();
  for (const { via, nodes } of Object.values(report.data.vulnerabilities)) {
    for (const advisory of via) {
      if (typeof advisory === 'string') continue;
      const { name, title, severity } = advisory;
      const id = advisory.url.split('/').at(-1) ?? advisory.url;
      const before = found.get(`${id} ${name}`)?.folders ?? [];
      const folders = [...new Set([...before, ...nodes])];
      found.set(`${id} ${name}`, { advisory: id, package: name, severity, title, folders });
    }
  }
  return [...found.values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
