import type { DoctorReport, NodeCheck } from '../../../report/node/doctor-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count } from '../format.ts';
import { alignFacts, fitLine } from '../text-table.ts';

const TITLES: Readonly<Record<NodeCheck['id'], string>> = {
  'kernel-version': 'kernel',
  'kernel-options': 'kernel options',
  modules: 'kernel modules',
  'page-size': 'page size',
  'require-signatures': 'require_signatures',
  keyrings: 'keyrings',
  ipe: 'IPE',
  'ipe-enforced': 'IPE enforcement',
  'ipe-policy': 'IPE policy',
  'erofs-utils': 'mkfs.erofs',
  'containerd-version': 'containerd',
  'containerd-config': 'containerd settings',
  differs: 'order of differs',
  'mkfs-options': 'mkfs_options',
  differ: 'EROFS differ',
  snapshotter: 'EROFS snapshotter',
  'layer-cache': 'layer cache',
  'cri-snapshotter': 'CRI snapshotter',
  fsmeta: 'stale images',
};

/** Columns before what was found: state and title. */
const STATE = 9;
const TITLE = Math.max(...Object.values(TITLES).map((title) => title.length)) + 2;

/**
 * What `doctor` found, for a terminal: a line for each check, and what to do below it.
 * @param width columns; without it, lines are as long as they are
 */
export function doctorTable({ root, image, profile, checks }: DoctorReport, width?: number): HarmlessText {
  const facts = alignFacts(
    [
      ['node', root === '/' ? 'this machine' : root],
      ...(image === undefined ? [] : [['image', image.name] as const]),
      ['profile', profile],
    ],
    width,
  );
  const indent = STATE + TITLE;
  const lines = checks.flatMap(({ id, state, found, remedy }) => [
    ...fitLine(`${state.padEnd(STATE)}${TITLES[id].padEnd(TITLE)}${found}`, width, indent),
    ...(remedy === undefined ? [] : fitLine(`${' '.repeat(indent)}→ ${remedy}`, width, indent + 2)),
  ]);
  return harmlessLines([...facts, '', ...lines, '', conclusion(checks)]);
}

function conclusion(checks: readonly NodeCheck[]): string {
  const of = (state: NodeCheck['state']): number => checks.filter((check) => check.state === state).length;
  const unknown = of('unknown') === 0 ? '' : `, ${of('unknown')} unknown`;
  return of('wrong') === 0 ? `nothing wrong${unknown}` : `${count(of('wrong'), 'line')} wrong${unknown}`;
}
