/**
 * `node scripts/newer-releases.ts TOOL=FILE…`: prints, as Markdown, which releases of the tools are newer
 * than those that the Action installs. A file has one tag a line. Nothing is printed where none is newer.
 * A scheduled workflow gets the tags, and opens an issue with what is printed.
 */
import { readFileSync } from 'node:fs';
import { VERSION as EROFS_UTILS } from '../src/tools/install/erofs-utils-release.ts';
import { VERSION as ORAS } from '../src/tools/install/oras-release.ts';
import { compareVersions } from '../src/tools/versions.ts';

const TOOLS: Readonly<Record<string, { pinned: string; where: string }>> = {
  oras: { pinned: ORAS, where: 'src/tools/install/oras-release.ts' },
  'erofs-utils': { pinned: EROFS_UTILS, where: 'src/tools/install/erofs-utils-release.ts' },
};

/** Versions among tags such as `v1.3.3` that are newer, the oldest first. Pre-releases do not count. */
export function newerReleases(pinned: string, tags: readonly string[]): string[] {
  // Tags are foreign text: only digits and dots come through.
  const versions = tags.flatMap((tag) => /^v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)$/.exec(tag.trim())?.[1] ?? []);
  const newer = versions.filter((version) => compareVersions(version, pinned) > 0);
  return [...new Set(newer)].sort(compareVersions);
}

/**
 * A line of Markdown on a tool; empty if no release is newer.
 * @throws Error if no tag is a release, since then the list of tags is not one
 */
export function describeTool(tool: string, tags: readonly string[]): string {
  const known = TOOLS[tool];
  if (known === undefined) throw new Error(`${tool} is not one of ${Object.keys(TOOLS).join(', ')}`);
  if (newerReleases('0.0.0', tags).length === 0)
    throw new Error(`the list of tags of ${tool} has no release`);
  const newer = newerReleases(known.pinned, tags);
  if (newer.length === 0) return '';
  return `- **${tool}**: ${newer.join(', ')} (pinned in \`${known.where}\`: ${known.pinned})\n`;
}

if (process.argv[1] === import.meta.filename) {
  for (const argument of process.argv.slice(2)) {
    const [tool = '', file = ''] = argument.split('=');
    process.stdout.write(describeTool(tool, readFileSync(file, 'utf8').split('\n')));
  }
}
