import type { NodeKitReport } from '../../../report/node/node-kit-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count } from '../format.ts';
import { alignFacts, fitLines } from '../text-table.ts';

/**
 * The files of a node kit, for a terminal.
 * @param width columns; without it, lines are as long as they are
 */
export function nodeKitTable(report: NodeKitReport, width?: number): HarmlessText {
  const { folder, policy, images, profile, certificates, files } = report;
  const facts = alignFacts(
    [
      ...images.map(({ name }): [string, string] => ['image', name]),
      ['profile', profile],
      ['policy', `${policy.name} ${policy.version}`],
      ...certificates.map(({ subject, vouchesFor }): [string, string] => [
        'certificate',
        `${subject}, for ${vouchesFor}`,
      ]),
    ],
    width,
  );
  const listed = fitLines(
    files.map((file) => `  ${file}`),
    width,
  );
  const end = fitLines([`${count(files.length, 'file')} in ${folder}; begin with README.md`], width);
  return harmlessLines([...facts, '', ...listed, '', ...end]);
}
