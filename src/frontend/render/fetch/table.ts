import type { FetchReport } from '../../../report/node/fetch-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count } from '../format.ts';
import { alignFacts, fitLine } from '../text-table.ts';

/** [containerd 2.4.2, plugins/mount/erofs/plugin_linux.go, setupDmVerityDevice] */
const FOR_WHOM =
  'containerd uses none of these devices: it opens its own, without signatures. They are for what mounts the layers itself';

/**
 * What `fetch` wrote and opened, for a terminal. Commands are whole lines, whatever the width.
 * @param width columns; without it, lines are as long as they are
 */
export function fetchTable({ image, folder, signatures, open }: FetchReport, width?: number): HarmlessText {
  const facts = alignFacts(
    [
      ['image', image.name],
      ['signatures', `${count(signatures.length, 'file')} in ${folder}`],
    ],
    width,
  );
  if (open === undefined) return harmlessLines(facts);
  const waiting = open.layers.filter(({ state }) => state === 'not opened');
  const others = open.layers.filter(({ state }) => state !== 'not opened');
  return harmlessLines([
    ...facts,
    '',
    ...fitLine(`${count(open.layers.length, 'layer')} in ${open.folder}`, width),
    ...(open.layers.length === 0 ? [] : fitLine(FOR_WHOM, width)),
    ...others.map(({ device, state }) => `  /dev/mapper/${device}  ${state}`),
    ...(waiting.length === 0 ? [] : ['', ...waiting.map(({ command }) => command)]),
  ]);
}
