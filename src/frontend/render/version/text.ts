import type { FoundProgram, VersionReport } from '../../../report/version-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { alignFacts } from '../text-table.ts';

/**
 * The output of `version` for a terminal.
 * @param width columns; without it, lines are as long as they are
 */
export function versionText(report: VersionReport, width?: number): HarmlessText {
  const { tool, node, platform, classes, defaultClass, oras, mkfs } = report;
  const releases = Map.groupBy(Object.entries(classes), ([, name]) => name);
  const reproduced = [...releases].map(
    ([name, found]) =>
      `${name}${name === defaultClass ? ' (default)' : ''}: erofs-utils ${found.map(([release]) => release).join(', ')}`,
  );
  return harmlessLines(
    alignFacts(
      [
        [tool.name, tool.version],
        ['Node.js', `${node}, ${platform}`],
        ['classes', reproduced.join('; ')],
        ['oras', programText(oras)],
        ['mkfs.erofs', programText(mkfs)],
      ],
      width,
    ),
  );
}

function programText({ path, version, problem }: FoundProgram): string {
  const found = version === undefined ? [] : [path === undefined ? version : `${version}, ${path}`];
  return [...found, ...(problem === undefined ? [] : [problem])].join('; ');
}
