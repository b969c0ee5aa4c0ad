/**
 * `npm run -s audit`: known vulnerabilities of all installed packages, held against the policy in SECURITY.md.
 * `node scripts/audit.ts FILE` reads a report of `npm audit --json` instead of asking the registry. What is known and
 * accepted is printed; what the policy does not accept goes to standard error, with exit status 1.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { assess } from './audit/policy.ts';
import { findingsIn } from './audit/report.ts';
import { bundledPackages } from './build/bundled-packages.ts';
import { bundle } from './build/bundles.ts';

export { assess, FAILING, LONGEST_EXCEPTION } from './audit/policy.ts';
export { findingsIn } from './audit/report.ts';

const root = dirname(import.meta.dirname);
export const EXCEPTIONS = '.github/audit-exceptions.json';

const exceptionsSchema = z.array(
  z.strictObject({ advisory: z.string(), package: z.string(), reason: z.string(), expires: z.string() }),
);

/** Folders of the packages that have code in the bundles. */
async function bundledFolders(): Promise<Set<string>> {
  const { metafile } = await bundle(join(root, 'dist'));
  return new Set((await bundledPackages(root, metafile)).map(({ folder }) => folder));
}

/** npm's exit status says only whether there is anything. */
function askRegistry(): string {
  const { stdout, error } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout;
}

if (process.argv[1] === import.meta.filename) {
  const [file] = process.argv.slice(2);
  const findings = findingsIn(file === undefined ? askRegistry() : readFileSync(file, 'utf8'));
  const exceptions = exceptionsSchema.parse(JSON.parse(readFileSync(join(root, EXCEPTIONS), 'utf8')));
  const today = new Date().toISOString().slice(0, 10);
  const { failures, notes } = assess(findings, exceptions, await bundledFolders(), today);
  for (const line of notes) console.log(line);
  for (const line of failures) console.error(line);
  if (failures.length > 0) process.exitCode = 1;
  else console.log(`${findings.length} known, none that the policy in SECURITY.md refuses.`);
}
