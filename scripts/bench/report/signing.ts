import { IMAGES } from '../data/images.ts';
import { rowFloor } from '../floors/row.ts';
import { spread } from '../measure/statistics.ts';
import {
  inFlight,
  MKFS,
  type Order,
  OURS,
  type Results,
  SHELL_PEERS,
  type ShellPeer,
  shellName,
} from '../results.ts';
import { number, seconds, times, title } from './cells.ts';
import type { Table } from './table.ts';

const MB = 1e6;

/** Names of images that were signed in a layout beside other programs, in the order of the run. */
export function signedImages(results: Results): string[] {
  return results.all
    .map(({ name }) => name)
    .filter((name) => (name.split('/')[0] ?? '') in IMAGES && results.values(name, OURS).length > 0);
}

/** A line for each program that an image is compared with. */
export function signing(results: Results, cores: number): Table {
  const rows = signedImages(results).flatMap((name) => {
    const own = [title(name), seconds(results, name, OURS), toFloor(results, name, OURS, cores)];
    const peers = [...SHELL_PEERS.map((peer) => shellLine(results, name, peer)), mkfsLine(results, name)];
    const lines = peers.filter(([, ...cells]) => cells.some((cell) => cell !== '–'));
    if (lines.length === 0) lines.push(['–', '–', '–', '–', '–']);
    return lines.map((line, at) => [...(at === 0 ? own : ['', '', '']), ...line]);
  });
  const head = ['Image', OURS, '× the floor', 'Compared with', 'Sequential', 'Ratio', 'Parallel', 'Ratio'];
  return { title: 'Signing images: seconds, and the ratio of verity-sign to others', head, rows };
}

/** The time of a contestant, in floors of the row that signs the same image. */
export function toFloor(
  results: Results,
  name: string,
  contestant: string,
  cores: number,
  signed = name,
): string {
  const { seconds: floor } = rowFloor(results, signed, cores);
  return times(spread(results.values(name, contestant).map((value) => value / floor)));
}

function shellLine(results: Results, name: string, peer: ShellPeer): string[] {
  const cells = (order: Order): string[] => compared(results, name, shellName(peer, order));
  return [peer, ...cells('sequential'), ...cells('parallel')];
}

/** It processes several layers at the same time. */
function mkfsLine(results: Results, name: string): string[] {
  return [MKFS, '–', '–', ...compared(results, name, MKFS)];
}

/** Seconds without their range: that of the ratio says how much both scatter. */
function compared(results: Results, name: string, contestant: string): string[] {
  const median = results.median(name, contestant);
  return [number(median, 2), times(results.ratio(name, OURS, contestant))];
}

/** What the floors consist of. */
export function floors(results: Results, cores: number): Table {
  const rows = signedImages(results)
    .map((name) => ({ name, floor: rowFloor(results, name, cores) }))
    .filter(({ floor }) => Number.isFinite(floor.seconds))
    .map(({ name, floor }) => {
      const { start, decompression, blobs, tars, images, longest, seconds: all } = floor;
      const parts = [start, decompression, blobs, tars, images, longest, all];
      return [title(name), ...parts.map((part) => number(part, 3))];
    });
  const parts = ['Start of Node', 'Decompression', 'Blobs', 'Tars', 'EROFS images', 'Longest of a layer'];
  return { title: 'Floors: seconds of parts of the work alone', head: ['Image', ...parts, 'Floor'], rows };
}

export function spaces(results: Results, cores: number): Table {
  const rows = signedImages(results).map((name) => {
    const most = (contestant: string, field: 'ownMemory' | 'treeMemory' | 'disk'): number =>
      results.most(name, contestant, field) / MB;
    const erofs = inFlight(results.get(name)?.erofsSizes ?? [], cores) / MB;
    const used = [
      most(OURS, 'ownMemory'),
      most(OURS, 'treeMemory'),
      most(OURS, 'disk'),
      most(MKFS, 'treeMemory'),
      most(MKFS, 'disk'),
      most(shellName('shell', 'sequential'), 'treeMemory'),
    ];
    return [title(name), ...[...used, erofs].map((value) => number(value, 0))];
  });
  const head = [
    'Image',
    'Largest process',
    'All processes',
    'Disk',
    'mkfs: memory',
    'Disk',
    'Shell: memory',
    'EROFS in flight',
  ];
  return { title: 'Peak memory and disk of signing, MB', head, rows };
}
