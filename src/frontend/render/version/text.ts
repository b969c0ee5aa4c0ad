import type { FoundProgram, VersionReport } from '../../../report/version-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { alignColumns } from '../format.ts';

/** The output of `version` for a terminal. */
export function versionText(report: VersionReport): HarmlessText {
  const { tool, node, platform, classes, defaultClass, oras, mkfs } = report;
  const releases = Map.groupBy(Object.entries(classes), ([, name]) => name);
  const reproduced = [...releases].map(
    ([name, found]) =>
      `${name}${name === defaultClass ? ' (default)' : ''}: erofs-utils ${found.map(([release]) => release).join(', ')}`,
  );
  return harmlessLines(
    alignColumns([
      [tool.name, tool.version],
      ['Node.js', `${node}, ${platform}`],
      ['classes', reproduced.join('; ')],
      ['oras', programText(oras)],
      ['mkfs.erofs', programText(mkfs)],
    ]),
  );
}

function programText({ path, version, problem }: FoundProgram): string {
  const found = version === undefined ? [] : [path === undefined ? version : `${version}, ${path}`];
  return [...found, ...(problem === undefined ? [] : [problem])].join('; ');
}
